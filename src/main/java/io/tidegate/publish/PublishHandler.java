package io.tidegate.publish;

import io.tidegate.access.Caller;
import io.tidegate.edge.message.MediaType;
import io.tidegate.event.Draft;
import io.tidegate.event.Topic;
import io.tidegate.journal.Append;
import io.tidegate.journal.IdempotencyKey;
import io.tidegate.journal.Receipt;
import io.tidegate.problem.Code;
import io.tidegate.problem.Problem;
import io.tidegate.problem.ProblemException;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Publishes either all events of a request body or none, and responds after the commit with the cursor of the last
 * event. If the request's {@code Idempotency-Key} or its events' {@code id}s have been acknowledged before, the events
 * are not published again, and the original response is repeated. The body must have been read before this handler
 * runs. Every refusal fails the routing context with a {@link ProblemException}. Must be called on the event loop for
 * which it was created.
 */
public final class PublishHandler implements Handler<RoutingContext> {

    private static final Logger LOG = LoggerFactory.getLogger(PublishHandler.class);

    private static final String IDEMPOTENCY_KEY = "Idempotency-Key";
    private static final String REPLAYED = "Idempotent-Replayed";

    private final Function<Append, Future<Receipt>> appends;
    private final PublishMetrics metrics;

    /** Creates a handler for the caller's event loop. */
    public PublishHandler(Vertx vertx, PublishMetrics metrics) {
        this(new AppendBatcher(vertx), metrics);
    }

    /**
     * Creates a handler that appends through the given function.
     *
     * @param appends passes an append to the journal, like {@link io.tidegate.journal.Appender#append(Append)}
     */
    PublishHandler(Function<Append, Future<Receipt>> appends, PublishMetrics metrics) {
        this.appends = appends;
        this.metrics = metrics;
    }

    @Override
    public void handle(RoutingContext ctx) {
        Future<Receipt> receipt;
        try {
            receipt = appends.apply(append(ctx));
        } catch (ProblemException refused) {
            receipt = Future.failedFuture(refused);
        }
        receipt.onSuccess(committed -> respond(ctx, committed)).onFailure(failure -> ctx.fail(refused(failure)));
    }

    private Append append(RoutingContext ctx) {
        List<String> names = ctx.request().headers().getAll(IDEMPOTENCY_KEY);
        if (names.size() > 1 || !names.isEmpty() && !IdempotencyKey.isName(names.get(0))) {
            String detail = IDEMPOTENCY_KEY + " must be given once and have 1 to 255 visible ASCII characters";
            throw Problem.of(Code.INVALID_PARAMETER, detail).toException();
        }
        DraftReader.Body body = body(ctx);
        String caller = Caller.of(ctx).subject();
        Map<Integer, IdempotencyKey> draftKeys = new HashMap<>();
        body.ids()
                .forEach((index, id) -> draftKeys.put(
                        index, IdempotencyKey.ofDraft(caller, id, body.drafts().get(index))));
        Optional<IdempotencyKey> requestKey = names.isEmpty()
                ? Optional.empty()
                : Optional.of(IdempotencyKey.ofRequest(caller, names.get(0), body.drafts()));
        return new Append(body.drafts(), requestKey, draftKeys);
    }

    private DraftReader.Body body(RoutingContext ctx) {
        MediaType type = MediaType.of(ctx.request().getHeader(HttpHeaders.CONTENT_TYPE));
        Buffer body = ctx.body().buffer();
        DraftReader.Body read = DraftReader.read(type, body == null ? new byte[0] : body.getBytes());
        Set<Topic> checked = new HashSet<>();
        for (Draft draft : read.drafts()) {
            if (checked.add(draft.topic()) && !Caller.of(ctx).mayPublish(draft.topic())) {
                throw Problem.of(Code.FORBIDDEN, "the token does not allow publishing to " + draft.topic())
                        .toException();
            }
        }
        return read;
    }

    private void respond(RoutingContext ctx, Receipt receipt) {
        metrics.acknowledged(receipt.events());
        JsonObject json = new JsonObject()
                .put("cursor", receipt.cursor().toString())
                .put("count", receipt.count())
                .put("durability", receipt.durability().text());
        HttpServerResponse response = ctx.response().putHeader(HttpHeaders.CONTENT_TYPE, MediaType.JSON.name());
        if (receipt.status() == Receipt.Status.REPEATED) {
            response.putHeader(REPLAYED, "true");
        }
        response.end(json.encode());
    }

    private static ProblemException refused(Throwable failure) {
        if (failure instanceof ProblemException known) {
            return known;
        }
        LOG.error("event=publish-failed", failure);
        return Problem.of(Code.INTERNAL, "publishing failed").toException();
    }
}
