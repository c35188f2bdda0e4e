package io.tidegate.kind;

import io.tidegate.event.Kind;
import io.tidegate.event.Operation;
import io.tidegate.event.Verb;
import io.vertx.core.json.JsonObject;
import java.time.Clock;
import java.util.Optional;
import java.util.UUID;

/**
 * The rules that follow from a kind's declaration alone: members are created, replaced, patched and deleted as the kind's
 * operations allow, and each change is one event of the kind's lifecycle. A kind with more to decide has rules of its own,
 * which may leave the rest to these.
 */
public final class LifecycleRules implements Rules {

    private final Kind kind;
    private final Members members;
    /** Whether a command that creates names its key in the body, if at all. */
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
     * Returns the rules of a kind that has no others.
     *
     * @throws IllegalArgumentException when the kind declares an operation that its lifecycle does not decide
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
        // A value that is not a string is checked as a string that cannot be a key.
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
