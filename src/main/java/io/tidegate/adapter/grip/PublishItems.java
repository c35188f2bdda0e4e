package io.tidegate.adapter.grip;

import io.tidegate.edge.message.MediaType;
import io.tidegate.event.Draft;
import io.tidegate.journal.Appender;
import io.tidegate.problem.Code;
import io.tidegate.problem.Problem;
import io.tidegate.problem.ProblemException;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.util.List;

/**
 * Publishes items in Pushpin's format, either all items in a request or none, and responds after the commit. Callers
 * are not authenticated, so this handler must be mounted only on the management port, which refuses requests from web
 * pages. May be shared by all event loops.
 */
public final class PublishItems implements Handler<RoutingContext> {

    private final Appender appender;

    public PublishItems(Appender appender) {
        this.appender = appender;
    }

    /** Adds the routes of this handler to the router for the management port. */
    public void mount(Router router, int maxBody) {
        for (String path : List.of("/publish/", "/publish")) {
            router.post(path)
                    .handler(BodyHandler.create(false).setBodyLimit(maxBody))
                    .handler(this);
        }
    }

    @Override
    public void handle(RoutingContext ctx) {
        List<Draft> drafts;
        try {
            if (!MediaType.of(ctx.request().getHeader(HttpHeaders.CONTENT_TYPE)).equals(MediaType.JSON)) {
                // Web pages may send certain other types without a preflight request.
                throw Problem.of(Code.UNSUPPORTED_MEDIA_TYPE, "the body must be " + MediaType.JSON.name())
                        .toException();
            }
            Buffer body = ctx.body().buffer();
            drafts = GripItemReader.drafts(body == null ? Buffer.buffer() : body);
        } catch (ProblemException refused) {
            ctx.fail(refused);
            return;
        }
        if (drafts.isEmpty()) {
            respond(ctx);
        } else {
            appender.append(drafts).onComplete(receipt -> respond(ctx), ctx::fail);
        }
    }

    private static void respond(RoutingContext ctx) {
        ctx.response().putHeader(HttpHeaders.CONTENT_TYPE, "text/plain").end("Published\n");
    }
}
