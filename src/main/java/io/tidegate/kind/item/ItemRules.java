package io.tidegate.kind.item;

import io.tidegate.event.EventType;
import io.tidegate.event.Kind;
import io.tidegate.event.Verb;
import io.tidegate.kind.Command;
import io.tidegate.kind.Decision;
import io.tidegate.kind.LifecycleRules;
import io.tidegate.kind.Members;
import io.tidegate.kind.Rules;
import io.vertx.core.json.JsonObject;
import java.time.Clock;
import java.util.Optional;

/**
 * The rules of items, which have revisions in addition to their lifecycle. An item contains only the number of its
 * revisions and the latest one, so that it does not grow with each revision. Earlier revisions are in the history.
 */
public final class ItemRules implements Rules {

    private static final EventType REVISION_ADDED =
            Kind.ITEMS.lifecycle().added().orElseThrow();
    private static final String REVISIONS = "revisions";
    private static final String LATEST = "latest_revision";

    private final Members members;
    private final LifecycleRules lifecycle;

    public ItemRules(Clock clock) {
        this.members = new Members(Kind.ITEMS, clock, REVISIONS, LATEST);
        this.lifecycle = new LifecycleRules(Kind.ITEMS, members);
    }

    @Override
    public String keyOf(Command command) {
        return lifecycle.keyOf(command);
    }

    @Override
    public Decision decide(Command command, String part, Optional<JsonObject> current) {
        JsonObject body = command.body();
        return switch (command.verb()) {
            case CREATE ->
                members.create(part, members.begin(part, current, body).put(REVISIONS, 0));
            case ADD ->
                members.commit(
                        Verb.ADD.status(),
                        REVISION_ADDED,
                        part,
                        members.touch(revised(members.require(current), body)));
            default -> lifecycle.decide(command, part, current);
        };
    }

    private JsonObject revised(JsonObject item, JsonObject body) {
        long number = item.getValue(REVISIONS) instanceof Number count ? count.longValue() + 1 : 1;
        JsonObject revision = body.copy().put("number", number).put("created_at", members.now());
        return item.put(REVISIONS, number).put(LATEST, revision);
    }
}
