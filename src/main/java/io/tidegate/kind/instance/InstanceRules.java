package io.tidegate.kind.instance;

import io.tidegate.event.Kind;
import io.tidegate.kind.Command;
import io.tidegate.kind.Decision;
import io.tidegate.kind.Members;
import io.tidegate.kind.Rules;
import io.vertx.core.json.JsonObject;
import java.time.Clock;
import java.util.Optional;

/** An instance reports itself whole, as often as it likes, until it is removed. */
final class InstanceRules implements Rules {

    private final Members members;

    InstanceRules(Clock clock) {
        this.members = new Members(Kind.INSTANCES, clock);
    }

    @Override
    public String keyOf(Command command) {
        return members.checkKey(command.key());
    }

    @Override
    public Decision decide(Command command, String key, Optional<JsonObject> current) {
        JsonObject body = command.body();
        return switch (command.verb()) {
            case PUT ->
                current.map(known -> members.replace("instance_updated", key, known, body))
                        .orElseGet(() -> members.commit(
                                201, "instance_created", key, members.begin(key, Optional.empty(), body)));
            case DELETE -> members.end("instance_removed", key, members.require(current), "removed_at");
            default -> throw members.unknown(command.verb());
        };
    }
}
