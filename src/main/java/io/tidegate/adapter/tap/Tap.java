package io.tidegate.adapter.tap;

import io.tidegate.event.EventType;
import io.tidegate.event.Kind;
import io.tidegate.event.Topic;
import io.tidegate.problem.ProblemException;
import java.util.List;
import java.util.function.Supplier;

/**
 * The configuration of a tap: a rule that publishes an event when a request to an origin succeeds.
 *
 * @param on the method and the path, in which {@code {name}} matches any one segment, such as {@code DELETE
 *     /api/sessions/{id}}
 * @param topic the topic to publish to, in which {@code {name}} is replaced with that segment, and {@code {key}} with
 *     the key
 * @param type the type of the event
 * @param when the statuses that count as success: {@code 2xx} or a list such as {@code 200,201}
 * @param data the source of the event's data
 * @param key where the key is found: {@code {name}} for a path segment, {@code $.part_number} for a JSON member of the
 *     data; if empty, the JSON member that identifies the kind's entries or, on other topics, no key
 * @param pick the JSON members of the data that are published; if empty, all of them
 * @param maxBody the maximum size of a body in bytes; larger bodies are not published
 */
public record Tap(
        String on, String topic, String type, String when, Source data, String key, List<String> pick, int maxBody) {

    /** The source of an event's data. */
    public enum Source {
        RESPONSE,
        REQUEST,
        /** The latest state of the kind's entry with this key or, on a topic without entries, the path segments. */
        NONE
    }

    private static final int MAX_BODY = 1 << 20;

    public Tap {
        pick = List.copyOf(pick);
        Pattern pattern = Pattern.of(on);
        Statuses.of(when);
        require(maxBody > 0 && maxBody <= MAX_BODY, "max-body must be between 1 and 1MiB");
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
                checked("topic", () -> new Topic(pattern.fill(topic, name -> name.equals("key") ? "x" : null)).kind());
        checked("type", () -> new EventType(type));
        return kind;
    }

    private static <T> T checked(String name, Supplier<T> constructor) {
        try {
            return constructor.get();
        } catch (ProblemException invalid) {
            throw new IllegalArgumentException(
                    name + " must be valid: " + invalid.problem().detail(), invalid);
        }
    }

    static void require(boolean holds, String message) {
        if (!holds) {
            throw new IllegalArgumentException(message);
        }
    }
}
