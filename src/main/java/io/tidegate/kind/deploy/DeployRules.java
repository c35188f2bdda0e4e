package io.tidegate.kind.deploy;

import io.tidegate.event.Verb;
import io.tidegate.kind.Command;
import io.tidegate.kind.Decision;
import io.tidegate.kind.Rules;
import io.tidegate.kind.deploy.Deploy.Cause;
import io.tidegate.kind.deploy.Deploy.Status;
import io.tidegate.problem.Code;
import io.tidegate.problem.Problem;
import io.tidegate.problem.ProblemException;
import io.vertx.core.json.JsonObject;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * The rules of deploys. A deploy with a recipe is run by this node, and its status and log lines come only from the
 * program. A deploy without a recipe is run by another service, which posts the status and log lines. A finished deploy
 * cannot be changed. Called on the verticle's event loop.
 */
final class DeployRules implements Rules {

    /** The times that only the gateway sets. */
    private static final Set<String> SET_BY_GATEWAY = Set.of("created_at", "finished_at");

    private static final Set<String> RESULTS = Set.of("exit_code", "reason");
    private static final Set<String> IDENTITY = Set.of("id", "recipe");

    private Set<String> recipes;
    private final Supplier<String> ids;
    private final Clock clock;

    DeployRules(Set<String> recipes, Supplier<String> ids, Clock clock) {
        this.recipes = Set.copyOf(recipes);
        this.ids = ids;
        this.clock = clock;
    }

    /** Replaces the names of the configured recipes. */
    void reconfigure(Set<String> given) {
        recipes = Set.copyOf(given);
    }

    @Override
    public String keyOf(Command command) {
        if (command.verb() != Verb.CREATE) {
            return command.key();
        }
        String id = text(command.body(), "id").orElseGet(ids);
        if (!Deploy.isId(id)) {
            throw Problem.of(Code.INVALID_KEY, "id must have 1 to 128 of the characters A-Z a-z 0-9 . _ ~ : @ -")
                    .toException();
        }
        return id;
    }

    @Override
    public Decision decide(Command command, String key, Optional<JsonObject> current) {
        return switch (command.verb()) {
            case CREATE -> create(command.body(), key, current.isPresent());
            case PATCH -> patch(command.body(), changeable(current));
            case ADD -> add(command.body(), key, changeable(current));
            case DELETE -> status(unfinished(current).ended(Cause.REQUEST, clock.instant()));
            case PUT ->
                throw Problem.of(Code.METHOD_NOT_ALLOWED, "a deploy must be changed by PATCH")
                        .toException();
        };
    }

    private Decision create(JsonObject body, String id, boolean exists) {
        rejectMembers(body, SET_BY_GATEWAY, RESULTS);
        text(body, "name");
        text(body, "recipe").filter(recipe -> !recipes.contains(recipe)).ifPresent(unknown -> {
            throw Problem.of(Code.UNKNOWN_RECIPE, "recipe must name a configured recipe")
                    .toException();
        });
        if (text(body, "status")
                .filter(status -> !status.equals(Status.RUNNING.text()))
                .isPresent()) {
            throw invalid("status must be running when a deploy is created");
        }
        if (exists) {
            throw conflict("a deploy with this id already exists");
        }
        JsonObject fields = body.copy();
        if (fields.getValue("recipe") == null) {
            fields.remove("recipe");
        }
        fields.remove("id");
        Deploy deploy = Deploy.created(id, fields, clock.instant());
        return new Decision(List.of(deploy.createdDraft()), 201, deploy.json());
    }

    private Decision patch(JsonObject body, Deploy deploy) {
        rejectMembers(body, SET_BY_GATEWAY, IDENTITY);
        text(body, "name");
        text(body, "reason");
        Status status = text(body, "status")
                .flatMap(Status::named)
                .orElseThrow(() -> invalid("status must be one of running, succeeded, failed, cancelled"));
        Object exitCode = body.getValue("exit_code");
        if (exitCode != null && !(exitCode instanceof Integer)) {
            throw invalid("exit_code must be an integer");
        }
        return status(deploy.with(body).withStatus(status, clock.instant()));
    }

    private Decision add(JsonObject body, String id, Deploy deploy) {
        return new Decision(
                new PostedLines(clock.instant())
                        .read(body).stream().map(line -> line.draft(id)).toList(),
                200,
                deploy.json());
    }

    private static Decision status(Deploy deploy) {
        return new Decision(List.of(deploy.statusDraft()), 200, deploy.json());
    }

    private static Deploy unfinished(Optional<JsonObject> current) {
        Deploy deploy = current.map(Deploy::new).orElseThrow(() -> Problem.of(Code.NOT_FOUND, "there is no such deploy")
                .toException());
        if (!deploy.running()) {
            throw conflict("the deploy has already finished");
        }
        return deploy;
    }

    private static Deploy changeable(Optional<JsonObject> current) {
        Deploy deploy = unfinished(current);
        if (deploy.byRecipe()) {
            throw conflict(
                    "a deploy that the gateway runs cannot be changed; its status and lines come from its program");
        }
        return deploy;
    }

    @SafeVarargs
    private static void rejectMembers(JsonObject body, Set<String>... sets) {
        for (Set<String> fields : sets) {
            for (String field : fields) {
                if (body.containsKey(field)) {
                    throw invalid(field + " must not be set here");
                }
            }
        }
    }

    /** Returns the value of a JSON member, which must be a string if it is present and not null. */
    static Optional<String> text(JsonObject object, String field) {
        Object value = object.getValue(field);
        if (value != null && !(value instanceof String)) {
            throw invalid(field + " must be a string");
        }
        return Optional.ofNullable((String) value);
    }

    static ProblemException invalid(String detail) {
        return Problem.of(Code.INVALID_BODY, detail).toException();
    }

    private static ProblemException conflict(String detail) {
        return Problem.of(Code.CONFLICT, detail).toException();
    }
}
