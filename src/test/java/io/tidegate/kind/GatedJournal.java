package io.tidegate.kind;

import io.tidegate.fixture.ForwardingJournal;
import io.tidegate.journal.Append;
import io.tidegate.journal.Receipt;
import io.tidegate.journal.memory.MemoryJournal;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** A memory journal that counts its commits and can delay them or make them fail. */
public final class GatedJournal extends ForwardingJournal {

    public final AtomicInteger commits = new AtomicInteger();
    public volatile boolean failing;
    public volatile Future<Void> gate = Future.succeededFuture();

    public GatedJournal() {
        super(new MemoryJournal(Clock.systemUTC(), Map.of()));
    }

    /** Delays commits until the promise is completed. */
    public Promise<Void> hold() {
        Promise<Void> promise = Promise.promise();
        gate = promise.future();
        return promise;
    }

    @Override
    public Future<List<Receipt>> commit(List<Append> appends) {
        commits.incrementAndGet();
        return failing ? Future.failedFuture("the disk is on fire") : gate.compose(opened -> super.commit(appends));
    }
}
