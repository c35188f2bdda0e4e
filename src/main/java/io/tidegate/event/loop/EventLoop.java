package io.tidegate.event.loop;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.function.Supplier;

/**
 * An event loop that owns state in plain fields: such state is read and written only on the thread of its loop. All
 * methods but {@link #assertHere} may be called from any thread.
 */
public final class EventLoop {

    private final Context context;
    private final Thread thread;

    private EventLoop(Context context, Thread thread) {
        this.context = context;
        this.thread = thread;
    }

    /** Returns the event loop on which this method is called. */
    public static EventLoop current(Vertx vertx) {
        return new EventLoop(vertx.getOrCreateContext(), Thread.currentThread());
    }

    public Vertx vertx() {
        return context.owner();
    }

    /** Runs a task in a later turn of this loop, after all tasks that are already queued there. */
    public void run(Runnable task) {
        context.runOnContext(turn -> task.run());
    }

    /**
     * Runs a task on this loop. The future completes on the loop with the result of the task or with the exception that
     * it throws.
     */
    public <T> Future<T> call(Supplier<T> task) {
        Promise<T> called = Promise.promise();
        run(() -> {
            T result;
            try {
                result = task.get();
            } catch (RuntimeException failure) {
                called.fail(failure);
                return;
            }
            called.complete(result);
        });
        return called.future();
    }

    /**
     * Returns a future with the same result that completes on this loop. It always completes in a separate turn of the
     * loop, so its handlers never run within the caller.
     */
    public <T> Future<T> bring(Future<T> result) {
        Promise<T> onLoop = Promise.promise();
        result.onComplete(done -> run(() -> onLoop.handle(done)));
        return onLoop.future();
    }

    /** Asserts that the caller runs on the thread of this loop. Costs nothing while assertions are disabled. */
    public void assertHere() {
        assert Thread.currentThread() == thread
                : "called on " + Thread.currentThread().getName() + ", owned by " + thread.getName();
    }
}
