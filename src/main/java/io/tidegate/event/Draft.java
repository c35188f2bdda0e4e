package io.tidegate.event;

import io.tidegate.problem.Code;
import io.tidegate.problem.Problem;
import java.util.Optional;

/**
 * What a publisher hands in; the journal makes an {@link Event} of it.
 *
 * @param key identity inside the kind, 1 to 255 characters without control characters; the journal keeps the latest
 *     event of each key
 */
public record Draft(Topic topic, EventType type, Optional<String> key, JsonText data) {

    private static final int MAX_KEY = 255;

    /**
     * Checks the key.
     *
     * @throws io.tidegate.problem.ProblemException {@code invalid-key}
     */
    public Draft {
        key.ifPresent(Draft::checkKey);
    }

    public static Draft of(String topic, String type, JsonText data) {
        return new Draft(new Topic(topic), new EventType(type), Optional.empty(), data);
    }

    public static Draft of(String topic, String type, String key, JsonText data) {
        return new Draft(new Topic(topic), new EventType(type), Optional.of(key), data);
    }

    private static void checkKey(String key) {
        if (key.isEmpty() || key.length() > MAX_KEY || key.chars().anyMatch(Character::isISOControl)) {
            throw Problem.of(Code.INVALID_KEY, "a key has 1 to " + MAX_KEY + " characters and no control characters")
                    .toException();
        }
    }
}
