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
 * One deploy as clients see it; every keyed event of its topic carries it whole. Never changed once made.
 *
 * @param json has {@code id}, {@code status} and {@code created_at}; {@code recipe} when this node runs it; when
 *     finished {@code finished_at} and, where known, {@code exit_code} and {@code reason}
 */
public record Deploy(JsonObject json) {

    /** A deploy that grows by one patch after the other stays a message, not a store. */
    private static final int MAX_LENGTH = 1 << 20;

    /** Where a deploy stands; the last three are final. */
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

    /** Why a deploy ended, when it was not by the exit of its program alone. */
    public enum Cause {
        REQUEST(Status.CANCELLED, "request"),
        SHUTDOWN(Status.CANCELLED, "shutdown"),
        TIME_LIMIT(Status.FAILED, "time limit"),
        NOT_STARTED(Status.FAILED, "not started"),
        /** The gateway itself ended without a word. */
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

    public boolean running() {
        return Status.RUNNING.text().equals(json.getValue("status"));
    }

    /** Whether a node of this gateway runs, or ran, the deploy itself. */
    public boolean byRecipe() {
        return json.containsKey("recipe");
    }

    public Deploy with(JsonObject fields) {
        return new Deploy(json.copy().mergeIn(fields));
    }

    Deploy in(Status status, Instant now) {
        JsonObject fields = new JsonObject().put("status", status.text());
        return with(status == Status.RUNNING ? fields : fields.put("finished_at", text(now)));
    }

    public Deploy exited(int code, Instant now) {
        return in(code == 0 ? Status.SUCCEEDED : Status.FAILED, now).with(new JsonObject().put("exit_code", code));
    }

    public Deploy ended(Cause cause, Instant now) {
        return in(cause.status, now).with(new JsonObject().put("reason", cause.reason));
    }

    public boolean endedBy(Cause cause) {
        return cause.reason.equals(json.getValue("reason"));
    }

    Draft createdDraft() {
        return draft(Kind.DEPLOYS.lifecycle().created());
    }

    public Draft statusDraft() {
        return draft(Kind.DEPLOYS.lifecycle().changed());
    }

    /** Whether the text can be an id: one segment of a topic, and so one name in a folder. */
    public static boolean isId(String text) {
        try {
            return text.indexOf('/') < 0 && Kind.DEPLOYS.topicOf(text).kind() == Kind.DEPLOYS;
        } catch (ProblemException notATopic) {
            return false;
        }
    }

    /** ISO 8601 in UTC, to the millisecond. */
    static String text(Instant time) {
        return time.truncatedTo(ChronoUnit.MILLIS).toString();
    }

    private Draft draft(EventType type) {
        JsonText data = JsonText.of(json);
        if (data.toString().length() > MAX_LENGTH) {
            throw Problem.of(Code.PAYLOAD_TOO_LARGE, "a deploy has at most " + MAX_LENGTH + " characters of JSON")
                    .toException();
        }
        return Kind.DEPLOYS.draft(type, json.getString("id"), data);
    }
}
