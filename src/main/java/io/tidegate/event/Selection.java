package io.tidegate.event;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The events that a reader receives: those whose topic and type it requested and that its grants allow. Streams with
 * equal selections and framing share one group.
 *
 * @param topics the patterns of topics, of which at least one must match
 * @param types the patterns of types, of which at least one must match; empty means every type
 * @param grants the patterns of the topics that the reader may read, of which at least one must match
 */
public record Selection(List<TopicPattern> topics, List<EventType.Pattern> types, List<TopicPattern> grants) {

    public Selection {
        topics = List.copyOf(topics);
        types = List.copyOf(types);
        grants = List.copyOf(grants);
    }

    public static Selection ofTopics(TopicPattern... topics) {
        return new Selection(List.of(topics), List.of(), List.of(TopicPattern.ALL));
    }

    /**
     * Parses the query parameters {@code topics} and {@code types}, which are lists of patterns separated by commas.
     *
     * @param topics the patterns of topics; null or empty means every topic
     * @param types the patterns of types; null or empty means every type
     * @throws io.tidegate.problem.ProblemException with the code {@code invalid-topic} or {@code invalid-type}
     */
    public static Selection parse(@Nullable String topics, @Nullable String types, List<TopicPattern> grants) {
        List<TopicPattern> requested = parts(topics).map(TopicPattern::new).toList();
        return new Selection(
                requested.isEmpty() ? List.of(TopicPattern.ALL) : requested,
                parts(types).map(EventType.Pattern::new).toList(),
                grants);
    }

    private static Stream<String> parts(@Nullable String list) {
        return list == null || list.isEmpty()
                ? Stream.empty()
                : Stream.of(list.split(",", -1)).distinct();
    }

    public boolean matches(Event event) {
        return covers(topics, event.topic()) && admits(event);
    }

    /**
     * Returns whether the type and the grants match. This completes {@link #matches} for an event whose topic is known
     * to match.
     */
    public boolean admits(Event event) {
        return ofType(event.type()) && covers(grants, event.topic());
    }

    /** Returns the kinds to which events of this selection can belong. */
    public Set<Kind> kinds() {
        Set<Kind> kinds = EnumSet.noneOf(Kind.class);
        for (TopicPattern topic : topics) {
            if (topic.text().startsWith("*")) {
                return EnumSet.allOf(Kind.class);
            }
            kinds.add(Kind.ofTopic(topic.text()));
        }
        return kinds;
    }

    private boolean ofType(EventType type) {
        for (EventType.Pattern pattern : types) {
            if (pattern.matches(type)) {
                return true;
            }
        }
        return types.isEmpty();
    }

    private static boolean covers(List<TopicPattern> patterns, Topic topic) {
        for (TopicPattern pattern : patterns) {
            if (pattern.matches(topic)) {
                return true;
            }
        }
        return false;
    }
}
