package io.tidegate.kind.deploy;

import io.tidegate.event.Draft;
import io.tidegate.event.EventType;
import io.tidegate.event.JsonText;
import io.tidegate.event.Kind;
import io.tidegate.problem.Code;
import io.tidegate.problem.Problem;
import io.tidegate.problem.ProblemException;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * A deploy as clients see it. Every event that has a key and is on the deploy's topic contains the complete deploy.
 * Must be treated as immutable.
 *
 * @param json the JSON object, which has {@code id}, {@code status} and {@code created_at}; {@code recipe} if the
 *     gateway itself runs the deploy; and, when the deploy has finished, {@code finished_at} and, if known,
 *     {@code exit_code} and {@code reason}
 */
record Deploy(JsonObject json) {

    /**
     * The maximum size of a deploy as JSON in characters. It prevents patches from making a deploy grow without limit.
     */
    private static final int MAX_LENGTH = 1 << 20;

    /** The status of a deploy. The last three are final. */
    enum Status {
        RUNNING,
        SUCCEEDED,
        FAILED,
        CANCELLED;

        String text() {
            return name().toLowerCase(Locale.ROOT);
        }

        static Optional<Status> named(String text) {
            return Arrays.stream(values())
                    .filter(status -> status.text().equals(text))
                    .findFirst();
        }
    }

    /** The reason why a deploy ended, other than the exit of its program. */
    enum Cause {
        REQUEST(Status.CANCELLED, "request"),
        SHUTDOWN(Status.CANCELLED, "shutdown"),
        TIME_LIMIT(Status.FAILED, "time limit"),
        NOT_STARTED(Status.FAILED, "not started"),
        /** The gateway process ended before the deploy did. */
        INTERRUPTED(Status.FAILED, "interrupted");

        private final Status status;
        private final String reason;

        Cause(Status status, String reason) {
            this.status = status;
            this.reason = reason;
        }
    }

    static Deploy created(String id, JsonObject fields, Instant now) {
        JsonObject json = new JsonObject().put("id", id);
        return new Deploy(
                json.mergeIn(fields).put("status", Status.RUNNING.text()).put("created_at", text(now)));
    }

    boolean running() {
        return Status.RUNNING.text().equals(json.getValue("status"));
    }

    /** Returns whether the gateway itself runs, or has run, the deploy. */
    boolean byRecipe() {
        return json.containsKey("recipe");
    }

    Deploy with(JsonObject fields) {
        return new Deploy(json.copy().mergeIn(fields));
    }

    Deploy withStatus(Status status, Instant now) {
        JsonObject fields = new JsonObject().put("status", status.text());
        return with(status == Status.RUNNING ? fields : fields.put("finished_at", text(now)));
    }

    Deploy exited(int code, Instant now) {
        return withStatus(code == 0 ? Status.SUCCEEDED : Status.FAILED, now)
                .with(new JsonObject().put("exit_code", code));
    }

    Deploy ended(Cause cause, Instant now) {
        return withStatus(cause.status, now).with(new JsonObject().put("reason", cause.reason));
    }

    boolean endedBy(Cause cause) {
        return cause.reason.equals(json.getValue("reason"));
    }

    Draft createdDraft() {
        return draft(Kind.DEPLOYS.lifecycle().created());
    }

    Draft statusDraft() {
        return draft(Kind.DEPLOYS.lifecycle().changed());
    }

    /**
     * Returns whether the text is valid as an ID, that is, as a single topic segment and hence as a single file name.
     */
    static boolean isId(String text) {
        try {
            return text.indexOf('/') < 0 && Kind.DEPLOYS.topicOf(text).kind() == Kind.DEPLOYS;
        } catch (ProblemException notATopic) {
            return false;
        }
    }

    /** Formats a time as ISO 8601 in UTC with milliseconds. */
    static String text(Instant time) {
        return time.truncatedTo(ChronoUnit.MILLIS).toString();
    }

    private Draft draft(EventType type) {
        JsonText data = JsonText.of(json);
        if (data.toString().length() > MAX_LENGTH) {
            throw Problem.of(Code.PAYLOAD_TOO_LARGE, "a deploy must have at most " + MAX_LENGTH + " characters of JSON")
                    .toException();
        }
        return Kind.DEPLOYS.draft(type, json.getString("id"), data);
    }
}
