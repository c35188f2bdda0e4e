package io.tidegate.journal;

import io.tidegate.event.Draft;
import io.tidegate.problem.Code;
import io.tidegate.problem.Problem;
import io.vertx.core.Future;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.ReplyException;
import java.util.ArrayList;
import java.util.List;

/** Hands drafts to the journal over the event bus. May be used from any thread. */
public final class Appender {

    private static final Problem MISMATCH =
            Problem.of(Code.IDEMPOTENCY_MISMATCH, "the name was given to something else before; nothing was published");

    private final EventBus bus;

    public Appender(EventBus bus) {
        this.bus = bus;
    }

    /**
     * Commits all of the drafts or none. The future fails with a {@link io.tidegate.problem.ProblemException} of
     * {@code storage-unavailable} or {@code storage-full}; then none of them was committed, or, after a timeout or a
     * crash, it is unknown whether they were.
     */
    public Future<Receipt> append(List<Draft> drafts) {
        return append(new Append(drafts));
    }

    /**
     * As {@link #append(List)}; fails with {@code idempotency-mismatch} too, when a claim of the append stands for
     * something else. Then nothing was committed.
     */
    public Future<Receipt> append(Append append) {
        return appendAll(List.of(append)).get(0);
    }

    /** Hands over several at a time, each of which is answered as by {@link #append(Append)}. */
    public List<Future<Receipt>> appendAll(List<Append> appends) {
        Future<ReceiptBatch> receipts = bus.<ReceiptBatch>request(AppendBatch.ADDRESS, new AppendBatch(appends))
                .map(Message::body)
                .recover(failure -> Future.failedFuture(problem(failure).toException()));
        List<Future<Receipt>> each = new ArrayList<>(appends.size());
        for (int i = 0; i < appends.size(); i++) {
            int index = i;
            each.add(receipts.compose(all -> accepted(all.each().get(index))));
        }
        return each;
    }

    private static Future<Receipt> accepted(Receipt receipt) {
        return receipt.status() == Receipt.Status.MISMATCH
                ? Future.failedFuture(MISMATCH.toException())
                : Future.succeededFuture(receipt);
    }

    public Future<Receipt> append(Draft draft) {
        return append(List.of(draft));
    }

    /** Answers a request that was not committed; {@link #problem} reads it back on the other side. */
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
