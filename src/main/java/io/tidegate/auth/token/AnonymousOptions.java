package io.tidegate.auth.token;

import io.tidegate.event.TopicPattern;
import io.tidegate.problem.ProblemException;
import java.util.List;

/**
 * The topics that may be read without a token.
 *
 * @param topics the patterns that match these topics; if empty, no topic may be read
 */
public record AnonymousOptions(List<String> topics) {

    public static final AnonymousOptions DEFAULTS = new AnonymousOptions(List.of());

    public AnonymousOptions {
        topics = List.copyOf(topics);
        for (int i = 0; i < topics.size(); i++) {
            try {
                new TopicPattern(topics.get(i));
            } catch (ProblemException malformed) {
                throw new IllegalArgumentException(
                        "topics[" + i + "] must be a pattern: "
                                + malformed.problem().detail(),
                        malformed);
            }
        }
    }

    public List<TopicPattern> patterns() {
        return topics.stream().map(TopicPattern::new).toList();
    }
}
