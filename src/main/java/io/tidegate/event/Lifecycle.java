package io.tidegate.event;

import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/**
 * The life of a kind's members told in events, for those who learn of it from elsewhere.
 *
 * @param created type of a member's first event
 * @param changed type of the events after it
 * @param endedAt the member's own member that says in its last event when it ended; empty where members never end
 */
public record Lifecycle(Kind kind, String created, String changed, String endedAt) {

    /**
     * The course of a kind.
     *
     * @throws IllegalArgumentException for {@link Kind#OTHER}, which has no members
     */
    public static Lifecycle of(Kind kind) {
        return switch (kind) {
            case SESSIONS -> new Lifecycle(kind, "session_created", "session_updated", "terminated_at");
            case DEPLOYS -> new Lifecycle(kind, "deploy_created", "deploy_status", "");
            case INSTANCES -> new Lifecycle(kind, "instance_created", "instance_updated", "removed_at");
            case ITEMS -> new Lifecycle(kind, "item.created", "item.updated", "deleted_at");
            case OTHER -> throw new IllegalArgumentException("other topics have no members");
        };
    }

    public Draft begins(String key, JsonText member) {
        return draft(created, key, member);
    }

    public Draft changes(String key, JsonText member) {
        return draft(changed, key, member);
    }

    /** The last event, of a member as it was last; none where members never end. */
    public Optional<Draft> ends(String key, JsonText last, Instant at) {
        return kind.ending().map(type -> draft(type, key, ended(last, at)));
    }

    /** The member as its last event holds it. */
    public JsonText ended(JsonText last, Instant at) {
        JsonObject member = last.object();
        if (kind == Kind.SESSIONS) {
            member.put("status", "terminated");
        }
        if (!member.containsKey(endedAt)) {
            member.put(endedAt, at.truncatedTo(ChronoUnit.MILLIS).toString());
        }
        return JsonText.of(member);
    }

    private Draft draft(String type, String key, JsonText member) {
        // A deploy has a topic of its own, for the sake of its lines.
        String topic = kind == Kind.DEPLOYS ? kind.plural() + '/' + key : kind.plural();
        return Draft.of(topic, type, key, member);
    }
}
