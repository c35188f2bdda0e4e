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
 * Hands over together what is published in one turn of a loop, so that it is one commit and one frame, whatever the
 * journal's thread would have taken of it meanwhile. Owned by one event loop.
 */
public final class AppendBatcher implements Function<Append, Future<Receipt>> {

    private final EventLoop loop;
    private final Appender appender;
    private List<Publish> publishes = new ArrayList<>();

    private record Publish(Append append, Promise<Receipt> receipt) {}

    /** Of the loop that this is called on. */
    public AppendBatcher(Vertx vertx) {
        this.loop = EventLoop.current(vertx);
        this.appender = new Appender(vertx.eventBus());
    }

    /** As {@link Appender#append(Append)}. */
    @Override
    public Future<Receipt> apply(Append append) {
        Promise<Receipt> receipt = Promise.promise();
        publishes.add(new Publish(append, receipt));
        if (publishes.size() == 1) {
            loop.run(this::handOver);
        }
        return receipt.future();
    }

    private void handOver() {
        List<Publish> together = publishes;
        publishes = new ArrayList<>();
        List<Append> appends = new ArrayList<>(together.size());
        together.forEach(publish -> appends.add(publish.append()));
        List<Future<Receipt>> receipts = appender.appendAll(appends);
        for (int i = 0; i < together.size(); i++) {
            receipts.get(i).onComplete(together.get(i).receipt());
        }
    }
}
