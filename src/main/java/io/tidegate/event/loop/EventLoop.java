package io.tidegate.event.loop;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.function.Supplier;

/**
 * An event loop, which can own mutable state: state that is owned by a loop is held in plain fields and is read and
 * written only on the loop's thread. All methods except {@link #current} and {@link #assertHere} may be called from any
 * thread.
 */
public final class EventLoop {

    private final Context context;
    private final Thread thread;

    private EventLoop(Context context, Thread thread) {
        this.context = context;
        this.thread = thread;
    }

    /** Returns the current event loop, on which this method must be called. */
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
     * Runs a task on this loop. The future completes on the loop with the task's result or with the exception that the
     * task throws.
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
     * Returns a future that has the same result but completes on this loop. It always completes in a separate turn of
     * the loop, so its handlers never run inside the caller.
     */
    public <T> Future<T> bring(Future<T> result) {
        Promise<T> onLoop = Promise.promise();
        result.onComplete(done -> run(() -> onLoop.handle(done)));
        return onLoop.future();
    }

    /** Asserts that the caller is running on this loop's thread. Costs nothing if assertions are disabled. */
    public void assertHere() {
        assert Thread.currentThread() == thread
                : "called on " + Thread.currentThread().getName() + ", owned by " + thread.getName();
    }
}
