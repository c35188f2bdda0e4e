package io.tidegate.event;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Determines which events a reader receives: events whose topic and type it has requested and that its grants allow.
 * Streams with equal selections and framing share one group.
 *
 * @param topics the topic patterns, at least one of which must match
 * @param types the type patterns, at least one of which must match; if empty, every type matches
 * @param grants the patterns of the topics that the reader may read, at least one of which must match
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
     * Parses the query parameters {@code topics} and {@code types}, which are comma-separated lists of patterns.
     *
     * @param topics the topic patterns; if null or empty, every topic matches
     * @param types the type patterns; if null or empty, every type matches
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
     * Returns whether the types and the grants match. This is sufficient for an event whose topic is known to match.
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
