package io.tidegate.kind.session;

import io.tidegate.event.Kind;
import io.tidegate.kind.Command;
import io.tidegate.kind.Command.Verb;
import io.tidegate.kind.Decision;
import io.tidegate.kind.Members;
import io.tidegate.kind.Rules;
import io.vertx.core.json.JsonObject;
import java.time.Clock;
import java.util.Optional;
import java.util.UUID;

/** A session is created, patched and terminated; the client may choose its id. */
final class SessionRules implements Rules {

    private final Members members;

    SessionRules(Clock clock) {
        this.members = new Members(Kind.SESSIONS, clock);
    }

    @Override
    public String keyOf(Command command) {
        if (command.verb() != Verb.CREATE) {
            return members.checkKey(command.key());
        }
        if (!command.body().containsKey("id")) {
            return UUID.randomUUID().toString();
        }
        // What is no string is checked as one that cannot be an id.
        return members.checkKey(command.body().getValue("id") instanceof String id ? id : "");
    }

    @Override
    public Decision decide(Command command, String key, Optional<JsonObject> current) {
        JsonObject body = command.body();
        return switch (command.verb()) {
            case CREATE -> members.commit(201, "session_created", key, members.begin(key, current, body));
            case PATCH -> members.patch("session_updated", key, members.require(current), body);
            case DELETE ->
                members.end(
                        "session_terminated",
                        key,
                        members.require(current).put("status", "terminated"),
                        "terminated_at");
            default -> throw members.unknown(command.verb());
        };
    }
}
