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
 * Builds the events of members for the rules of all kinds. Every member has a key that is valid in a path and in a
 * topic, and the times {@code created_at} and {@code updated_at} (ISO 8601, UTC, milliseconds). Every event contains
 * the whole member. Values that only the gateway sets are ignored in request bodies, so that a client can send back a
 * member as it was received.
 */
public final class Members {

    private static final String CREATED = "created_at";
    private static final String UPDATED = "updated_at";
    /**
     * The maximum size of a member as JSON in characters. It prevents patches from making a member, and every list that
     * contains it, grow without limit.
     */
    private static final int MAX_CHARACTERS = 1 << 20;

    private final Kind kind;
    private final Clock clock;
    /** The names of JSON members that only the gateway sets. */
    private final Set<String> ownNames;

    /**
     * Creates a builder for the members of one kind.
     *
     * @param ownNames the names of JSON members that only the gateway sets, in addition to the two times
     */
    public Members(Kind kind, Clock clock, String... ownNames) {
        this.kind = kind;
        this.clock = clock;
        this.ownNames = new TreeSet<>(List.of(ownNames));
        this.ownNames.addAll(List.of(CREATED, UPDATED));
    }

    /**
     * Returns the key if it is valid as a single segment of a topic.
     *
     * @throws ProblemException with the code {@code invalid-key} if the key is invalid
     */
    public String checkKey(String key) {
        try {
            if (key.indexOf('/') < 0) {
                return new Topic(key).name();
            }
        } catch (ProblemException notASegment) {
            // The failure is reported below, using this kind's name for its key.
        }
        String detail = kind.identity() + " must have 1 to 128 of the characters A-Z a-z 0-9 . _ ~ : @ -";
        throw Problem.of(Code.INVALID_KEY, detail).toException();
    }

    /**
     * Returns a new member.
     *
     * @throws ProblemException with the code {@code conflict} if the member already exists
     */
    public JsonObject begin(String key, Optional<JsonObject> current, JsonObject body) {
        if (current.isPresent()) {
            throw Problem.of(
                            Code.CONFLICT, "a " + kind.singular() + " with this " + kind.identity() + " already exists")
                    .toException();
        }
        String now = now();
        return new JsonObject()
                .put(kind.identity(), key)
                .mergeIn(clientMembers(key, body))
                .put(CREATED, now)
                .put(UPDATED, now);
    }

    /**
     * Returns the current member.
     *
     * @throws ProblemException with the code {@code not-found} if there is no member
     */
    public JsonObject require(Optional<JsonObject> current) {
        return current.orElseThrow(
                () -> Problem.of(Code.NOT_FOUND, "there is no " + kind.singular() + " with this " + kind.identity())
                        .toException());
    }

    /** Returns the decision to create a member that was built by {@link #begin}. */
    public Decision create(String key, JsonObject member) {
        return commit(Verb.CREATE.status(), kind.lifecycle().created(), key, member);
    }

    /** Returns the decision to apply a {@link MergePatch}. It has no events if the patch changes nothing. */
    Decision patch(String key, JsonObject current, JsonObject patch) {
        return change(Verb.PATCH, key, current, MergePatch.apply(current, clientMembers(key, patch)));
    }

    /** Returns the decision to replace a member with a request body. It has no events if this changes nothing. */
    Decision replace(String key, JsonObject current, JsonObject body) {
        JsonObject wanted = clientMembers(key, body);
        JsonObject next = current.copy();
        next.fieldNames()
                .removeIf(
                        name -> !wanted.containsKey(name) && !ownNames.contains(name) && !name.equals(kind.identity()));
        wanted.forEach(entry -> next.put(entry.getKey(), entry.getValue()));
        return change(Verb.PUT, key, current, next);
    }

    /** Returns the decision to end a member. The event contains the member's last state. */
    Decision end(String key, JsonObject last) {
        Ending ending = kind.lifecycle().ending().orElseThrow(() -> unknown(Verb.DELETE));
        JsonObject ended = touch(ending.mark(last));
        ended.put(ending.time(), ended.getString(UPDATED));
        return commit(Verb.DELETE.status(), ending.type(), key, ended);
    }

    /** Sets {@code updated_at} to the current time and returns the same object. */
    public JsonObject touch(JsonObject member) {
        return member.put(UPDATED, now());
    }

    /**
     * Returns a decision with a single event, which contains the whole member.
     *
     * @throws ProblemException with the code {@code payload-too-large} if the member is too large
     */
    public Decision commit(int status, EventType type, String key, JsonObject member) {
        JsonText data = JsonText.of(member);
        if (data.toString().length() > MAX_CHARACTERS) {
            throw Problem.of(Code.PAYLOAD_TOO_LARGE, kind.singular() + " must have at most 1 MiB")
                    .toException();
        }
        return new Decision(List.of(kind.draft(type, key, data)), status, member);
    }

    /** Returns the exception that refuses a verb that the kind does not support. */
    public ProblemException unknown(Verb verb) {
        return Problem.of(Code.METHOD_NOT_ALLOWED, kind.plural() + " do not support " + verb)
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

    /** Returns the part of a request body that clients may set. */
    private JsonObject clientMembers(String key, JsonObject body) {
        if (body.containsKey(kind.identity()) && !key.equals(body.getValue(kind.identity()))) {
            throw Problem.of(Code.INVALID_BODY, kind.identity() + " must be " + key + " and cannot be changed")
                    .toException();
        }
        JsonObject rest = body.copy();
        rest.remove(kind.identity());
        ownNames.forEach(rest::remove);
        return rest;
    }
}
