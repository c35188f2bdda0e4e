package io.tidegate.event.loop;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.function.Supplier;

/**
 * One event loop, as the owner of plain fields: what belongs to it is read and written on its thread alone. Every method
 * but {@link #assertHere} may be called from any thread.
 */
public final class EventLoop {

    private final Context context;
    private final Thread thread;

    private EventLoop(Context context, Thread thread) {
        this.context = context;
        this.thread = thread;
    }

    /** Returns the event loop that this is called on. */
    public static EventLoop current(Vertx vertx) {
        return new EventLoop(vertx.getOrCreateContext(), Thread.currentThread());
    }

    public Vertx vertx() {
        return context.owner();
    }

    /** Runs a task in a later turn of this loop, after everything that is queued there already. */
    public void run(Runnable task) {
        context.runOnContext(turn -> task.run());
    }

    /** Runs a task on this loop, and completes there with its result or with what it throws. */
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
     * Brings a result to this loop, whichever thread completes it. The returned future always completes in a turn of its
     * own, so that its handlers never run within the caller.
     */
    public <T> Future<T> bring(Future<T> result) {
        Promise<T> here = Promise.promise();
        result.onComplete(done -> run(() -> here.handle(done)));
        return here.future();
    }

    /** Asserts that this is called on the loop's thread. Costs nothing while assertions are off. */
    public void assertHere() {
        assert Thread.currentThread() == thread
                : "called on " + Thread.currentThread().getName() + ", owned by " + thread.getName();
    }
}
