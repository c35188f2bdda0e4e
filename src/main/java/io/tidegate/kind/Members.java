package io.tidegate.kind;

import io.tidegate.event.Ending;
import io.tidegate.event.EventType;
import io.tidegate.event.JsonText;
import io.tidegate.event.Kind;
import io.tidegate.event.Topic;
import io.tidegate.event.Verb;
import io.tidegate.problem.Code;
import io.tidegate.problem.Problem;
import io.tidegate.problem.ProblemException;
import io.vertx.core.json.JsonObject;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * What the members of every kind have in common: a key that can stand in a path and a topic, {@code created_at} and
 * {@code updated_at} (ISO 8601, UTC, milliseconds), and events that hold the whole member. What a body says of a member
 * that the gateway keeps itself is ignored, so that a client can send back what it was given.
 */
public final class Members {

    private static final String CREATED = "created_at";
    private static final String UPDATED = "updated_at";
    /** As much as one body may bring: patches must not let a member, and with it every list, grow without end. */
    private static final int MAX_CHARACTERS = 1 << 20;

    private final Kind kind;
    private final Clock clock;
    /** Names that only the gateway sets. */
    private final Set<String> own;

    /** @param own names that only the gateway sets, beside the two times */
    public Members(Kind kind, Clock clock, String... own) {
        this.kind = kind;
        this.clock = clock;
        this.own = new TreeSet<>(List.of(own));
        this.own.addAll(List.of(CREATED, UPDATED));
    }

    /**
     * Gives back a key that can be one segment of a topic.
     *
     * @throws ProblemException {@code invalid-key}
     */
    public String checkKey(String key) {
        try {
            if (key.indexOf('/') < 0) {
                return new Topic(key).name();
            }
        } catch (ProblemException notASegment) {
            // Told below in the words of this kind.
        }
        String detail = kind.identity() + " has 1 to 128 of the characters A-Z a-z 0-9 . _ ~ : @ -";
        throw Problem.of(Code.INVALID_KEY, detail).toException();
    }

    /**
     * A member that begins now.
     *
     * @throws ProblemException {@code conflict} when there is one
     */
    public JsonObject begin(String key, Optional<JsonObject> current, JsonObject body) {
        if (current.isPresent()) {
            throw Problem.of(Code.CONFLICT, "there is a " + kind.singular() + " with this " + kind.identity())
                    .toException();
        }
        String now = now();
        return new JsonObject()
                .put(kind.identity(), key)
                .mergeIn(foreign(key, body))
                .put(CREATED, now)
                .put(UPDATED, now);
    }

    /**
     * The member that a command needs to be there.
     *
     * @throws ProblemException {@code not-found}
     */
    public JsonObject require(Optional<JsonObject> current) {
        return current.orElseThrow(
                () -> Problem.of(Code.NOT_FOUND, "there is no " + kind.singular() + " with this " + kind.identity())
                        .toException());
    }

    /** Creates a member from what {@link #begin} made of its body. */
    public Decision create(String key, JsonObject member) {
        return commit(Verb.CREATE.status(), kind.lifecycle().created(), key, member);
    }

    /** Applies a {@link MergePatch}; commits nothing when it changes nothing. */
    Decision patch(String key, JsonObject current, JsonObject patch) {
        return change(Verb.PATCH, key, current, MergePatch.apply(current, foreign(key, patch)));
    }

    /** Puts a body in the place of the member; commits nothing when it changes nothing. */
    Decision replace(String key, JsonObject current, JsonObject body) {
        JsonObject wanted = foreign(key, body);
        JsonObject next = current.copy();
        next.fieldNames()
                .removeIf(name -> !wanted.containsKey(name) && !own.contains(name) && !name.equals(kind.identity()));
        wanted.forEach(entry -> next.put(entry.getKey(), entry.getValue()));
        return change(Verb.PUT, key, current, next);
    }

    /** Ends a member; the event holds it as it was last. */
    Decision end(String key, JsonObject last) {
        Ending ending = kind.lifecycle().ending().orElseThrow(() -> unknown(Verb.DELETE));
        JsonObject ended = touch(ending.mark(last));
        ended.put(ending.time(), ended.getString(UPDATED));
        return commit(Verb.DELETE.status(), ending.type(), key, ended);
    }

    /** Marks a member as changed now. */
    public JsonObject touch(JsonObject member) {
        return member.put(UPDATED, now());
    }

    /**
     * One event with the whole member.
     *
     * @throws ProblemException {@code payload-too-large}
     */
    public Decision commit(int status, EventType type, String key, JsonObject member) {
        JsonText data = JsonText.of(member);
        if (data.toString().length() > MAX_CHARACTERS) {
            throw Problem.of(Code.PAYLOAD_TOO_LARGE, kind.singular() + " would have over 1 MiB")
                    .toException();
        }
        return new Decision(List.of(kind.draft(type, key, data)), status, member);
    }

    /** The refusal of a verb that the kind does not know. */
    public ProblemException unknown(Verb verb) {
        return Problem.of(Code.METHOD_NOT_ALLOWED, kind.plural() + " do not know " + verb)
                .toException();
    }

    public String now() {
        return clock.instant().truncatedTo(ChronoUnit.MILLIS).toString();
    }

    private Decision change(Verb verb, String key, JsonObject current, JsonObject next) {
        return next.encode().equals(current.encode())
                ? new Decision(List.of(), verb.status(), current)
                : commit(verb.status(), kind.lifecycle().changed(), key, touch(next));
    }

    /** The part of a body that is the client's to say. */
    private JsonObject foreign(String key, JsonObject body) {
        if (body.containsKey(kind.identity()) && !key.equals(body.getValue(kind.identity()))) {
            throw Problem.of(Code.INVALID_BODY, kind.identity() + " is " + key + " and cannot be changed")
                    .toException();
        }
        JsonObject rest = body.copy();
        rest.remove(kind.identity());
        own.forEach(rest::remove);
        return rest;
    }
}
