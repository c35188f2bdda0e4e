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

/** A pool of threads for blocking work, with a bounded queue. Any thread may submit work. */
final class Workers implements AutoCloseable {

    static final String CLOSED = "the journal is closed";

    private final ThreadPoolExecutor threads;

    /**
     * Creates the pool. Threads are started on demand.
     *
     * @param name the name of the thread; if there are several threads, a number is appended
     * @param number the number of threads
     * @param queued the maximum number of waiting tasks; further tasks are refused
     */
    Workers(String name, int number, int queued) {
        AtomicInteger started = new AtomicInteger();
        this.threads =
                new ThreadPoolExecutor(number, number, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>(queued), task -> {
                    Thread thread = new Thread(task, number == 1 ? name : name + '-' + started.incrementAndGet());
                    thread.setDaemon(true);
                    return thread;
                });
    }

    /**
     * Runs work on one of the threads. The future fails with the exception that the work throws, or, if the work is
     * refused, with a {@link JournalException}.
     */
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
            String reason = threads.isShutdown() ? CLOSED : "too many reads are waiting for the disk";
            promise.fail(new JournalException(Code.STORAGE_UNAVAILABLE, reason, refused));
        }
        return promise.future();
    }

    /** Refuses further work. Work that is already queued still runs. */
    @Override
    public void close() {
        threads.shutdown();
    }

    /** Waits for the work that was submitted before {@link #close}, and interrupts the threads after the given time. */
    void await(int seconds) throws InterruptedException {
        if (!threads.awaitTermination(seconds, TimeUnit.SECONDS)) {
            threads.shutdownNow();
        }
    }
}
