package io.tidegate.delivery.poll;

import io.tidegate.delivery.hub.Hub;
import io.tidegate.delivery.hub.Subscriber;
import io.tidegate.delivery.hub.Subscription;
import io.tidegate.event.Event;
import io.tidegate.event.Selection;
import io.tidegate.event.loop.EventLoop;
import io.tidegate.journal.Page;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;

/**
 * A request that may wait for its first event. It subscribes to the hub before it reads the journal, so that it does
 * not miss an event between reading and waiting. Owned by one event loop.
 */
final class LongPoll implements Subscriber {

    private final RoutingContext ctx;
    private final EventLoop loop;
    private final Hub hub;
    private final Selection selection;
    private final Duration wait;
    private boolean ended;
    private Promise<Void> wakeUp = Promise.promise();

    LongPoll(RoutingContext ctx, Hub hub, Selection selection, Duration wait) {
        this.ctx = ctx;
        this.loop = EventLoop.current(ctx.vertx());
        this.hub = hub;
        this.selection = selection;
        this.wait = wait;
    }

    /**
     * Reads the page. If the page is empty, reads it again whenever an event arrives, until the page has events, the
     * waiting time has elapsed, the node shuts down or the connection is closed.
     */
    Future<Page> untilFound(Supplier<Future<Page>> read) {
        if (wait.isZero() || hub.draining()) {
            return loop.bring(read.get());
        }
        Subscription subscription = hub.join(selection, this);
        long timer = ctx.vertx().setTimer(Math.max(1, wait.toMillis()), ignored -> end());
        ctx.response().closeHandler(ignored -> end());
        return readUntilFound(read).onComplete(done -> {
            ctx.vertx().cancelTimer(timer);
            hub.leave(subscription);
        });
    }

    @Override
    public void deliver(List<Event> events) {
        wakeUp.tryComplete();
    }

    /** Ends the wait, so that the events that were not delivered are read from the journal. */
    @Override
    public void failed(Throwable cause) {
        wakeUp.tryComplete();
    }

    @Override
    public void drain() {
        end();
    }

    private void end() {
        ended = true;
        wakeUp.tryComplete();
    }

    private Future<Page> readUntilFound(Supplier<Future<Page>> read) {
        return loop.bring(read.get()).compose(page -> {
            boolean done = ended || page.gap() || page.more() || !page.events().isEmpty();
            if (done) {
                return Future.succeededFuture(page);
            }
            Future<Void> next = wakeUp.future();
            return next.compose(ignored -> {
                wakeUp = Promise.promise();
                return readUntilFound(read);
            });
        });
    }
}
