package io.tidegate.publish;

import io.tidegate.event.Draft;
import io.tidegate.event.Kind;
import io.tidegate.event.MediaType;
import io.tidegate.event.Topic;
import io.tidegate.journal.Appender;
import io.tidegate.journal.Receipt;
import io.tidegate.problem.Code;
import io.tidegate.problem.Problem;
import io.tidegate.problem.ProblemException;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiPredicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Publishes what a request's body holds, all of it or nothing, and answers after the commit with the cursor of the last
 * event. The body was read before. Every refusal goes to the context's failure handler as a {@link ProblemException}.
 * May be shared by all event loops.
 */
public final class PublishHandler implements Handler<RoutingContext> {

    private static final Logger LOG = LoggerFactory.getLogger(PublishHandler.class);

    private final Appender appender;
    private final BiPredicate<RoutingContext, Topic> mayPublish;
    private final PublishListener listener;

    /** @param mayPublish whether the caller of a request may publish to a topic */
    public PublishHandler(EventBus bus, BiPredicate<RoutingContext, Topic> mayPublish, PublishListener listener) {
        this.appender = new Appender(bus);
        this.mayPublish = mayPublish;
        this.listener = listener;
    }

    @Override
    public void handle(RoutingContext ctx) {
        long since = System.nanoTime();
        try {
            List<Draft> drafts = drafts(ctx);
            appender.append(drafts)
                    .onSuccess(receipt -> answer(ctx, drafts, receipt, since))
                    .onFailure(failure -> refuse(ctx, failure));
        } catch (ProblemException refused) {
            refuse(ctx, refused);
        }
    }

    private List<Draft> drafts(RoutingContext ctx) {
        MediaType type = MediaType.of(ctx.request().getHeader(HttpHeaders.CONTENT_TYPE));
        Buffer body = ctx.body().buffer();
        List<Draft> drafts = DraftReader.read(type, body == null ? new byte[0] : body.getBytes());
        drafts.stream().map(Draft::topic).distinct().forEach(topic -> {
            if (!mayPublish.test(ctx, topic)) {
                throw Problem.of(Code.FORBIDDEN, "the token does not allow publishing to " + topic)
                        .toException();
            }
        });
        return drafts;
    }

    private void answer(RoutingContext ctx, List<Draft> drafts, Receipt receipt, long since) {
        Map<Kind, Integer> kinds = new EnumMap<>(Kind.class);
        drafts.forEach(draft -> kinds.merge(draft.topic().kind(), 1, Integer::sum));
        listener.published(kinds, System.nanoTime() - since);
        JsonObject answer = new JsonObject()
                .put("cursor", receipt.cursor().toString())
                .put("count", drafts.size())
                .put("durability", receipt.durability().text());
        ctx.response()
                .putHeader(HttpHeaders.CONTENT_TYPE, MediaType.JSON.name())
                .end(answer.encode());
    }

    private void refuse(RoutingContext ctx, Throwable failure) {
        if (failure instanceof ProblemException refused) {
            listener.refused(refused.problem().code());
            ctx.fail(refused);
        } else {
            LOG.error("event=publish-failed", failure);
            listener.refused(Code.INTERNAL);
            ctx.fail(Problem.of(Code.INTERNAL, "publishing failed").toException());
        }
    }
}
