package io.tidegate.journal;

import io.tidegate.event.Draft;
import io.tidegate.problem.Code;
import io.tidegate.problem.Problem;
import io.tidegate.problem.ProblemException;
import io.vertx.core.Future;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.ReplyException;
import java.util.ArrayList;
import java.util.List;

/** Sends drafts to the journal over the event bus. Thread-safe. */
public final class Appender {

    private static final Problem MISMATCH = Problem.of(
            Code.IDEMPOTENCY_MISMATCH,
            "the idempotency key or id was used for different content before; nothing was published");

    private final EventBus bus;

    public Appender(EventBus bus) {
        this.bus = bus;
    }

    /**
     * Commits either all of the drafts or none. If the commit fails, the future fails with a {@link ProblemException}
     * with code {@code storage-unavailable} or {@code storage-full}. In that case none of the drafts were committed or,
     * after a timeout or a crash, it is unknown whether they were.
     */
    public Future<Receipt> append(List<Draft> drafts) {
        return append(new Append(drafts));
    }

    /**
     * Commits an append, like {@link #append(List)}. The future also fails with {@code idempotency-mismatch} if one of
     * the idempotency keys was used for different content before. In that case nothing was committed.
     */
    public Future<Receipt> append(Append append) {
        return appendAll(List.of(append)).get(0);
    }

    /**
     * Sends several appends in one message. Each of the returned futures behaves like the one returned by
     * {@link #append(Append)}.
     */
    public List<Future<Receipt>> appendAll(List<Append> appends) {
        Future<ReceiptBatch> reply = bus.<ReceiptBatch>request(AppendBatch.ADDRESS, new AppendBatch(appends))
                .map(Message::body)
                .recover(failure -> Future.failedFuture(problem(failure).toException()));
        List<Future<Receipt>> results = new ArrayList<>(appends.size());
        for (int i = 0; i < appends.size(); i++) {
            int index = i;
            results.add(reply.compose(all -> accepted(all.receipts().get(index))));
        }
        return results;
    }

    private static Future<Receipt> accepted(Receipt receipt) {
        return receipt.status() == Receipt.Status.MISMATCH
                ? Future.failedFuture(MISMATCH.toException())
                : Future.succeededFuture(receipt);
    }

    public Future<Receipt> append(Draft draft) {
        return append(List.of(draft));
    }

    /** Replies that a request was not committed. The sender decodes the reply with {@link #problem}. */
    public static void refuse(Message<?> request, Throwable failure) {
        Code code = failure instanceof JournalException journal ? journal.code() : Code.STORAGE_UNAVAILABLE;
        request.fail(code.status(), code.title());
    }

    private static Problem problem(Throwable failure) {
        boolean full = failure instanceof ReplyException reply && reply.failureCode() == Code.STORAGE_FULL.status();
        Code code = full ? Code.STORAGE_FULL : Code.STORAGE_UNAVAILABLE;
        return Problem.of(code, "nothing was acknowledged; publish again");
    }
}
