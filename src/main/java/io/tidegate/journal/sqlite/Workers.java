package io.tidegate.journal.sqlite;

import io.tidegate.journal.JournalException;
import io.tidegate.problem.Code;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.concurrent.Callable;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Threads for work that blocks, and the queue before them. Any thread may submit. */
final class Workers implements AutoCloseable {

    static final String CLOSED = "the journal is closed";

    private final ThreadPoolExecutor threads;

    /**
     * Starts no thread yet.
     *
     * @param name of the thread, with a number after it where there are more than one
     * @param queued how much may wait; more is refused
     */
    Workers(String name, int number, int queued) {
        AtomicInteger made = new AtomicInteger();
        this.threads =
                new ThreadPoolExecutor(number, number, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>(queued), task -> {
                    Thread thread = new Thread(task, number == 1 ? name : name + '-' + made.incrementAndGet());
                    thread.setDaemon(true);
                    return thread;
                });
    }

    /** Fails with what the work throws, or with a {@link JournalException} when it is not taken. */
    <T> Future<T> submit(Callable<T> work) {
        Promise<T> promise = Promise.promise();
        try {
            threads.execute(() -> {
                try {
                    promise.complete(work.call());
                } catch (Throwable e) {
                    promise.fail(e);
                }
            });
        } catch (RejectedExecutionException refused) {
            String reason = threads.isShutdown() ? CLOSED : "too many reads wait for the disk";
            promise.fail(new JournalException(Code.STORAGE_UNAVAILABLE, reason, refused));
        }
        return promise.future();
    }

    /** Takes no more; what waits is still done. */
    @Override
    public void close() {
        threads.shutdown();
    }

    /** Waits for what was submitted before {@link #close}; interrupts what takes longer. */
    void await(int seconds) throws InterruptedException {
        if (!threads.awaitTermination(seconds, TimeUnit.SECONDS)) {
            threads.shutdownNow();
        }
    }
}
