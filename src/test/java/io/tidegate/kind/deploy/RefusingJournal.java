package io.tidegate.kind.deploy;

import io.tidegate.fixture.ForwardingJournal;
import io.tidegate.journal.Append;
import io.tidegate.journal.Journal;
import io.tidegate.journal.Receipt;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** A journal that refuses a given number of commits with events of one type. */
final class RefusingJournal extends ForwardingJournal {

    private volatile String type = "";
    private final AtomicInteger times = new AtomicInteger();
    private final Promise<Void> refused = Promise.promise();

    RefusingJournal(Journal journal) {
        super(journal);
    }

    void refuse(String eventType, int commits) {
        type = eventType;
        times.set(commits);
    }

    /** Returns the number of refusals that are left. */
    int left() {
        return times.get();
    }

    /** Returns a future that completes at the first refusal. */
    Future<Void> refused() {
        return refused.future();
    }

    @Override
    public Future<List<Receipt>> commit(List<Append> appends) {
        boolean concerned = appends.stream()
                .flatMap(append -> append.drafts().stream())
                .anyMatch(draft -> draft.type().name().equals(type));
        if (concerned && times.getAndUpdate(n -> Math.max(0, n - 1)) > 0) {
            refused.tryComplete();
            return Future.failedFuture("disk gone");
        }
        return super.commit(appends);
    }
}
