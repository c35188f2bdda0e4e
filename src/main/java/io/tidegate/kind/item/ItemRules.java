package io.tidegate.kind.item;

import io.tidegate.event.Kind;
import io.tidegate.kind.Command;
import io.tidegate.kind.Decision;
import io.tidegate.kind.Members;
import io.tidegate.kind.Rules;
import io.vertx.core.json.JsonObject;
import java.time.Clock;
import java.util.Optional;

/**
 * An item goes by its part number. It holds how many revisions it has had and the latest of them, so that it does not
 * grow with each; the ones before are in the history.
 */
final class ItemRules implements Rules {

    private static final String REVISIONS = "revisions";
    private static final String LATEST = "latest_revision";

    private final Members members;

    ItemRules(Clock clock) {
        this.members = new Members(Kind.ITEMS, clock, REVISIONS, LATEST);
    }

    @Override
    public String keyOf(Command command) {
        return members.checkKey(command.key());
    }

    @Override
    public Decision decide(Command command, String part, Optional<JsonObject> current) {
        JsonObject body = command.body();
        return switch (command.verb()) {
            case CREATE ->
                members.commit(
                        201,
                        "item.created",
                        part,
                        members.begin(part, current, body).put(REVISIONS, 0));
            case PATCH -> members.patch("item.updated", part, members.require(current), body);
            case DELETE -> members.end("item.deleted", part, members.require(current), "deleted_at");
            case ADD ->
                members.commit(
                        200, "item.revision_added", part, members.touch(revised(members.require(current), body)));
            default -> throw members.unknown(command.verb());
        };
    }

    private JsonObject revised(JsonObject item, JsonObject body) {
        long number = item.getValue(REVISIONS) instanceof Number count ? count.longValue() + 1 : 1;
        JsonObject revision = body.copy().put("number", number).put("created_at", members.now());
        return item.put(REVISIONS, number).put(LATEST, revision);
    }
}
