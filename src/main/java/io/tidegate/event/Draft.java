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

    /**
     * Checks what a draft that was written elsewhere says about a member of a kind. The lists of a kind are made of the
     * data of such events, so the data has to be the member itself, and a grant for one topic below the kind's must not
     * reach the members of another.
     *
     * @throws io.tidegate.problem.ProblemException {@code invalid-key}, {@code invalid-topic} or {@code invalid-body}
     */
    public void checkMember() {
        Kind kind = topic.kind();
        if (!kind.hasMembers()) {
            return;
        }
        if (key.isPresent()) {
            checkMember(kind, key.get());
        } else if (kind.needsKey(type)) {
            throw Problem.of(Code.INVALID_KEY, type + " on " + topic + " needs a key")
                    .toException();
        }
    }

    private void checkMember(Kind kind, String member) {
        String plural = kind.plural();
        if (!topic.name().equals(plural) && !topic.name().equals(plural + '/' + member)) {
            String detail = "an event with a key goes to " + plural + " or to " + plural + "/{key}";
            throw Problem.of(Code.INVALID_TOPIC, detail).toException();
        }
        if (!data.isObject() || !data.scalar(kind.identity()).equals(key)) {
            String detail = "with a key, data on " + topic + " is an object whose " + kind.identity() + " is the key";
            throw Problem.of(Code.INVALID_BODY, detail).toException();
        }
    }

    private static void checkKey(String key) {
        // Half of a surrogate pair has no UTF-8 form: two such keys would become one in storage.
        boolean unfit = key.codePoints()
                .anyMatch(c -> Character.isISOControl(c) || Character.getType(c) == Character.SURROGATE);
        if (key.isEmpty() || key.length() > MAX_KEY || unfit) {
            throw Problem.of(Code.INVALID_KEY, "a key has 1 to " + MAX_KEY + " characters and no control characters")
                    .toException();
        }
    }
}
