package io.tidegate.event;

import io.tidegate.problem.Code;
import io.tidegate.problem.Problem;
import java.util.Optional;

/**
 * An event as submitted by its publisher. The journal turns it into an {@link Event}.
 *
 * @param key the identity of the member within its kind, 1 to 255 characters without control characters; the journal
 *     keeps the latest event of each key
 */
public record Draft(Topic topic, EventType type, Optional<String> key, JsonText data) {

    /** The maximum number of JSON values of which a member of a kind may consist. */
    public static final int MAX_MEMBER_VALUES = 10_000;

    private static final int MAX_KEY = 255;

    /**
     * Checks the key.
     *
     * @throws io.tidegate.problem.ProblemException with the code {@code invalid-key} if the key is invalid
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

    /**
     * Checks the key and the data of a draft on a topic of a kind that has members. Must be called for drafts that were
     * written by clients or origins. Lists are built from the data of such events, so the data must be the member
     * itself. Permission to publish to one topic under the kind's topic must not extend to members on other topics.
     *
     * @throws io.tidegate.problem.ProblemException with the code {@code invalid-key}, {@code invalid-topic},
     *     {@code invalid-body} or {@code payload-too-large}
     */
    public void checkMember() {
        Kind kind = topic.kind();
        if (!kind.hasMembers()) {
            return;
        }
        if (key.isPresent()) {
            checkMember(kind, key.get());
        } else if (kind.needsKey(type)) {
            throw Problem.of(Code.INVALID_KEY, type + " on " + topic + " must have a key")
                    .toException();
        }
    }

    private void checkMember(Kind kind, String member) {
        data.requireValues(MAX_MEMBER_VALUES);
        String plural = kind.plural();
        if (!topic.name().equals(plural) && !topic.name().equals(plural + '/' + member)) {
            String detail = "an event with a key must be published to " + plural + " or to " + plural + "/{key}";
            throw Problem.of(Code.INVALID_TOPIC, detail).toException();
        }
        if (!data.isObject() || !data.scalar(kind.identity()).equals(key)) {
            String detail =
                    "with a key, data on " + topic + " must be an object whose " + kind.identity() + " is the key";
            throw Problem.of(Code.INVALID_BODY, detail).toException();
        }
    }

    private static void checkKey(String key) {
        // An unpaired surrogate has no UTF-8 encoding, so two different keys that contain one could become equal in
        // storage.
        boolean invalid = key.codePoints()
                .anyMatch(c -> Character.isISOControl(c) || Character.getType(c) == Character.SURROGATE);
        if (key.isEmpty() || key.length() > MAX_KEY || invalid) {
            throw Problem.of(
                            Code.INVALID_KEY,
                            "a key must have 1 to " + MAX_KEY + " characters, none of them a control character")
                    .toException();
        }
    }
}
