package io.tidegate.kind.deploy;

import io.tidegate.access.Caller;
import io.tidegate.event.Kind;
import io.tidegate.event.Topic;
import io.tidegate.event.Verb;
import io.tidegate.kind.Command;
import io.tidegate.kind.Outcome;
import io.tidegate.problem.Code;
import io.tidegate.problem.Problem;
import io.vertx.core.Handler;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.Message;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.util.function.Function;

/**
 * Handles {@code POST /start}, which starts the default recipe and redirects the browser to the page of the new deploy.
 * Thread-safe.
 */
public final class StartHandler implements Handler<RoutingContext> {

    private static final Topic DEPLOYS = Kind.DEPLOYS.topic();

    private final EventBus bus;
    private final Command start;
    private final Function<HttpServerRequest, String> mountPath;

    /**
     * Creates a handler that starts the given recipe.
     *
     * @param mountPath returns the path under which the client reaches the gateway, without a trailing slash
     */
    public StartHandler(EventBus bus, String defaultRecipe, Function<HttpServerRequest, String> mountPath) {
        this.bus = bus;
        this.mountPath = mountPath;
        this.start = new Command(Verb.CREATE, "", new JsonObject().put("recipe", defaultRecipe));
    }

    @Override
    public void handle(RoutingContext ctx) {
        if (!Caller.of(ctx).mayPublish(DEPLOYS)) {
            throw Problem.of(Code.FORBIDDEN, "the token does not allow starting deploys")
                    .toException();
        }
        bus.<Outcome>request(Command.address(Kind.DEPLOYS), start)
                .map(Message::body)
                .onSuccess(outcome -> respond(ctx, outcome))
                .onFailure(ctx::fail);
    }

    private void respond(RoutingContext ctx, Outcome outcome) {
        if (outcome instanceof Outcome.Done done) {
            // The status is 303 so that the browser requests the page with GET (RFC 9110, 15.4.4).
            ctx.response()
                    .setStatusCode(303)
                    .putHeader(
                            "Location",
                            mountPath.apply(ctx.request()) + prefix(ctx.normalizedPath()) + "/deployment/" + done.key())
                    .end();
        } else if (outcome instanceof Outcome.Refused refused) {
            ctx.fail(refused.problem().toException());
        }
    }

    /** Returns the part of the path before {@code /start}, which is also the prefix of the deploy's page. */
    private static String prefix(String path) {
        return path.substring(0, path.lastIndexOf("/start"));
    }
}
