package io.tidegate.adapter.tap;

import io.tidegate.event.EventType;
import io.tidegate.event.Kind;
import io.tidegate.event.Topic;
import io.tidegate.problem.ProblemException;
import java.util.List;
import java.util.function.Supplier;

/**
 * A rule that publishes when an origin has done what a request asked for.
 *
 * @param on method and path, in which {@code {name}} stands for any one segment: {@code DELETE /api/sessions/{id}}
 * @param topic where to publish; {@code {name}} stands for that segment, {@code {key}} for the key
 * @param type of the event
 * @param when the statuses that count as done: {@code 2xx}, or some such as {@code 200,201}
 * @param data what the event holds
 * @param key {@code {name}} for a segment of the path, {@code $.part_number} for a member of the data; empty for the
 *     member that the kind goes by, or no key on other topics
 * @param pick the members of the data that are published; all when empty
 * @param maxBody how many bytes of a body are looked at; what is larger is not published
 */
public record Tap(
        String on, String topic, String type, String when, Source data, String key, List<String> pick, int maxBody) {

    /** Which body the data comes from. */
    public enum Source {
        RESPONSE,
        REQUEST,
        /** The member as it was known last, or the segments of the path on a topic without members. */
        NONE
    }

    private static final int MAX_BODY = 1 << 20;

    public Tap {
        pick = List.copyOf(pick);
        Pattern pattern = Pattern.of(on);
        Statuses.of(when);
        require(maxBody > 0 && maxBody <= MAX_BODY, "max-body must be 1 to 1MiB");
        Kind kind = check(topic, type, pattern);
        if (key.isEmpty() && kind.hasMembers()) {
            require(data != Source.NONE, "key must name a segment of the path, since there is no data");
            key = "$." + kind.identity();
        }
        Key.of(key, pattern, data);
    }

    public Tap(String on, String topic, String type) {
        this(on, topic, type, "2xx", Source.RESPONSE, "", List.of(), 64 << 10);
    }

    private static Kind check(String topic, String type, Pattern pattern) {
        Kind kind =
                named("topic", () -> new Topic(pattern.fill(topic, name -> name.equals("key") ? "x" : null)).kind());
        named("type", () -> new EventType(type));
        return kind;
    }

    private static <T> T named(String key, Supplier<T> making) {
        try {
            return making.get();
        } catch (ProblemException unfit) {
            throw new IllegalArgumentException(
                    key + " is none: " + unfit.problem().detail(), unfit);
        }
    }

    static void require(boolean holds, String message) {
        if (!holds) {
            throw new IllegalArgumentException(message);
        }
    }
}
