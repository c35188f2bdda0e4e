package io.tidegate.publish;

import io.tidegate.event.loop.EventLoop;
import io.tidegate.journal.Append;
import io.tidegate.journal.Appender;
import io.tidegate.journal.Receipt;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * Batches the appends made in one turn of an event loop and sends them to the journal together. The journal then
 * commits them in one transaction, and their events reach each stream together; if they were sent separately, the
 * journal could split them into several commits. Owned by one event loop.
 */
final class AppendBatcher implements Function<Append, Future<Receipt>> {

    private final EventLoop loop;
    private final Appender appender;
    private List<Publish> pending = new ArrayList<>();

    private record Publish(Append append, Promise<Receipt> receipt) {}

    /** Creates a batcher for the caller's event loop. */
    AppendBatcher(Vertx vertx) {
        this.loop = EventLoop.current(vertx);
        this.appender = new Appender(vertx.eventBus());
    }

    /** Passes the append to {@link Appender#append(Append)} in a later turn of the loop. */
    @Override
    public Future<Receipt> apply(Append append) {
        Promise<Receipt> receipt = Promise.promise();
        pending.add(new Publish(append, receipt));
        if (pending.size() == 1) {
            loop.run(this::handOver);
        }
        return receipt.future();
    }

    private void handOver() {
        List<Publish> batch = pending;
        pending = new ArrayList<>();
        List<Append> appends = new ArrayList<>(batch.size());
        batch.forEach(publish -> appends.add(publish.append()));
        List<Future<Receipt>> receipts = appender.appendAll(appends);
        for (int i = 0; i < batch.size(); i++) {
            receipts.get(i).onComplete(batch.get(i).receipt());
        }
    }
}
