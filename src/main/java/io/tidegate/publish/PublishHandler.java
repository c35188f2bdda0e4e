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
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
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
 * Publishes what a request's body holds, all of it or nothing, and answers after the commit with the cursor of the last
 * event. What carries an {@code Idempotency-Key}, or an event with an {@code id}, that was acknowledged before is not
 * published again and gets the first answer. The body was read before. Every refusal is a {@link ProblemException}.
 * Used on the loops that its appends are for.
 */
public final class PublishHandler implements Handler<RoutingContext> {

    private static final Logger LOG = LoggerFactory.getLogger(PublishHandler.class);

    private static final String IDEMPOTENCY_KEY = "Idempotency-Key";
    private static final String REPLAYED = "Idempotent-Replayed";

    private final Function<Append, Future<Receipt>> appends;
    private final PublishMetrics metrics;

    /**
     * Makes the handler.
     *
     * @param appends takes what a request publishes to the journal, as {@link io.tidegate.journal.Appender#append(Append)}
     */
    public PublishHandler(Function<Append, Future<Receipt>> appends, PublishMetrics metrics) {
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
        receipt.onSuccess(given -> answer(ctx, given)).onFailure(failure -> ctx.fail(refused(failure)));
    }

    private Append append(RoutingContext ctx) {
        List<String> names = ctx.request().headers().getAll(IDEMPOTENCY_KEY);
        if (names.size() > 1 || !names.isEmpty() && !IdempotencyKey.isName(names.get(0))) {
            String detail = IDEMPOTENCY_KEY + " comes once and has 1 to 255 visible ASCII characters";
            throw Problem.of(Code.INVALID_PARAMETER, detail).toException();
        }
        DraftReader.Body body = body(ctx);
        String caller = Caller.of(ctx).subject();
        Map<Integer, IdempotencyKey> each = new HashMap<>();
        body.ids()
                .forEach((index, id) -> each.put(
                        index, IdempotencyKey.ofDraft(caller, id, body.drafts().get(index))));
        Optional<IdempotencyKey> whole = names.isEmpty()
                ? Optional.empty()
                : Optional.of(IdempotencyKey.ofRequest(caller, names.get(0), body.drafts()));
        return new Append(body.drafts(), whole, each);
    }

    private DraftReader.Body body(RoutingContext ctx) {
        MediaType type = MediaType.of(ctx.request().getHeader(HttpHeaders.CONTENT_TYPE));
        Buffer body = ctx.body().buffer();
        DraftReader.Body read = DraftReader.read(type, body == null ? new byte[0] : body.getBytes());
        Set<Topic> asked = new HashSet<>();
        for (Draft draft : read.drafts()) {
            if (asked.add(draft.topic()) && !Caller.of(ctx).mayPublish(draft.topic())) {
                throw Problem.of(Code.FORBIDDEN, "the token does not allow publishing to " + draft.topic())
                        .toException();
            }
        }
        return read;
    }

    private void answer(RoutingContext ctx, Receipt receipt) {
        metrics.acknowledged(receipt.events());
        // None of it has a character that JSON would escape.
        String answer = "{\"cursor\":\"" + receipt.cursor() + "\",\"count\":" + receipt.count() + ",\"durability\":\""
                + receipt.durability().text() + "\"}";
        HttpServerResponse response = ctx.response().putHeader(HttpHeaders.CONTENT_TYPE, MediaType.JSON.name());
        if (receipt.status() == Receipt.Status.REPEATED) {
            response.putHeader(REPLAYED, "true");
        }
        response.end(answer);
    }

    private static ProblemException refused(Throwable failure) {
        if (failure instanceof ProblemException known) {
            return known;
        }
        LOG.error("event=publish-failed", failure);
        return Problem.of(Code.INTERNAL, "publishing failed").toException();
    }
}
