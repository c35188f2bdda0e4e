package io.tidegate.adapter.grip;

import io.tidegate.event.Draft;
import io.tidegate.journal.Appender;
import io.tidegate.problem.ProblemException;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.util.List;

/**
 * Publishes items in the format of Pushpin, all of a request or none, and answers after the commit. For operators and
 * services alone: it asks nobody who he is. May be shared by all event loops.
 */
public final class PublishItems implements Handler<RoutingContext> {

    private final Appender appender;

    public PublishItems(Appender appender) {
        this.appender = appender;
    }

    /** Takes its place among the routes of operators. */
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
            Buffer body = ctx.body().buffer();
            drafts = GripItemReader.drafts(body == null ? Buffer.buffer() : body);
        } catch (ProblemException refused) {
            ctx.fail(refused);
            return;
        }
        if (drafts.isEmpty()) {
            answer(ctx);
        } else {
            appender.append(drafts).onComplete(receipt -> answer(ctx), ctx::fail);
        }
    }

    private static void answer(RoutingContext ctx) {
        ctx.response().putHeader(HttpHeaders.CONTENT_TYPE, "text/plain").end("Published\n");
    }
}
