package io.tidegate.kind;

import io.tidegate.event.Kind;
import io.tidegate.event.Operation;
import io.tidegate.event.Verb;
import io.vertx.core.json.JsonObject;
import java.time.Clock;
import java.util.Optional;
import java.util.UUID;

/**
 * The rules that follow from a kind's declaration. Members are created, replaced, patched and deleted as the kind's
 * operations allow, and each change is an event of the kind's lifecycle. A kind with additional rules has its own
 * implementation, which may delegate to this one. Called on the event loop of the kind's verticle.
 */
public final class LifecycleRules implements Rules {

    private final Kind kind;
    private final Members members;
    /**
     * Whether the key of a new member is taken from the body, or generated at random if the body has none, rather than
     * taken from the path.
     */
    private final boolean keyInBody;

    public LifecycleRules(Kind kind, Members members) {
        this.kind = kind;
        this.members = members;
        this.keyInBody = kind.operation(Verb.CREATE)
                .map(Operation::parameter)
                .filter(String::isEmpty)
                .isPresent();
    }

    /**
     * Returns the rules of a kind that has no additional rules.
     *
     * @throws IllegalArgumentException if the kind declares an operation that does not follow from its lifecycle
     */
    public static LifecycleRules of(Kind kind, Clock clock) {
        boolean ends = kind.lifecycle().ending().isPresent();
        for (Operation operation : kind.operations()) {
            if (operation.verb() == Verb.ADD || operation.verb() == Verb.DELETE && !ends) {
                throw new IllegalArgumentException(kind.plural() + " need rules of their own for " + operation.verb());
            }
        }
        return new LifecycleRules(kind, new Members(kind, clock));
    }

    @Override
    public String keyOf(Command command) {
        if (command.verb() != Verb.CREATE || !keyInBody) {
            return members.checkKey(command.key());
        }
        if (!command.body().containsKey(kind.identity())) {
            return UUID.randomUUID().toString();
        }
        // A value that is not a string is refused in the same way as an empty key.
        return members.checkKey(command.body().getValue(kind.identity()) instanceof String key ? key : "");
    }

    @Override
    public Decision decide(Command command, String key, Optional<JsonObject> current) {
        Verb verb = command.verb();
        if (kind.operation(verb).isEmpty()) {
            throw members.unknown(verb);
        }
        JsonObject body = command.body();
        return switch (verb) {
            case CREATE -> members.create(key, members.begin(key, current, body));
            case PUT ->
                current.map(known -> members.replace(key, known, body))
                        .orElseGet(() -> members.create(key, members.begin(key, Optional.empty(), body)));
            case PATCH -> members.patch(key, members.require(current), body);
            case DELETE -> members.end(key, members.require(current));
            case ADD -> throw members.unknown(verb);
        };
    }
}
