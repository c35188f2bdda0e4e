package io.tidegate.delivery.hub;

import io.tidegate.event.Cursor;
import io.tidegate.event.Event;
import io.tidegate.event.Selection;
import io.tidegate.event.bus.Batch;
import io.tidegate.event.bus.NewEpoch;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Delivers committed events to the subscribers of one event loop. All batches that arrive in one turn of the loop are
 * delivered together. No timer is needed to form larger groups, because a turn contains more events under load. Owned
 * by one event loop.
 */
public final class Hub {

    private static final Logger LOG = LoggerFactory.getLogger(Hub.class);
    private static final long NANOS_BETWEEN_REPORTS = 1_000_000_000;

    private final Executor nextTurn;
    private final HubListener listener;
    private final TopicTable table = new TopicTable();
    private final List<Subscription> touched = new ArrayList<>();
    private List<Batch> arrived = new ArrayList<>();
    private Runnable beforeDelivery = () -> {};
    private Cursor head;
    private boolean draining;
    private long failed;
    private long reportedNanos = System.nanoTime() - NANOS_BETWEEN_REPORTS;

    /**
     * Creates a hub without subscribers.
     *
     * @param nextTurn runs a task on the owning loop, after the tasks that are already queued there
     * @param head the position after which delivery begins; every later event must be passed to {@link #accept}
     */
    public Hub(Executor nextTurn, HubListener listener, Cursor head) {
        this.nextTurn = nextTurn;
        this.listener = listener;
        this.head = head;
    }

    /** Sets an action that runs in each turn before newly arrived events are delivered. */
    public void beforeDelivery(Runnable action) {
        beforeDelivery = action;
    }

    /** Runs a task on the owning loop, after the tasks that are already queued there. */
    public void afterTurn(Runnable task) {
        nextTurn.execute(task);
    }

    /** Accepts a batch that the journal has published. */
    public void accept(Batch batch) {
        arrived.add(batch);
        if (arrived.size() == 1) {
            nextTurn.execute(this::deliverArrived);
        }
    }

    /**
     * Returns the position up to which all events have been delivered. A subscriber that joins now receives the events
     * after it.
     */
    public Cursor head() {
        return head;
    }

    /**
     * Subscribes to the events of a selection that come after {@link #head()}. They are delivered until {@link #leave}
     * is called.
     */
    public Subscription join(Selection selection, Subscriber subscriber) {
        Subscription subscription = new Subscription(selection, subscriber);
        table.add(subscription);
        return subscription;
    }

    public void leave(Subscription subscription) {
        subscription.leave();
        table.remove(subscription);
    }

    /** Notifies the subscribers that the node is shutting down. From now on, {@link #draining} returns true. */
    public void drain() {
        draining = true;
        table.all().forEach(Subscription::drain);
    }

    public boolean draining() {
        return draining;
    }

    /** Continues with a new epoch. Batches that have arrived belong to the previous one and are delivered first. */
    public void begin(NewEpoch epoch) {
        if (!epoch.head().epoch().equals(head.epoch())) {
            deliverArrived();
            head = epoch.head();
            for (Subscription subscription : table.all()) {
                try {
                    subscription.historyEnded();
                } catch (Throwable failure) {
                    report(failure);
                }
            }
        }
    }

    private void deliverArrived() {
        if (arrived.isEmpty()) {
            return; // a new epoch has already had them delivered
        }
        try {
            beforeDelivery.run();
        } catch (Throwable failure) {
            report(failure);
        }
        List<Batch> batches = arrived;
        arrived = new ArrayList<>();
        for (Batch batch : batches) {
            batch.events().forEach(this::offer);
        }
        // A copy is needed because subscribers may call head, join and leave while they are notified.
        List<Subscription> notified = List.copyOf(touched);
        touched.clear();
        notified.forEach(this::deliver);
        listener.delivered(System.nanoTime() - batches.get(0).queuedNanos());
    }

    /**
     * Delivers to one subscriber. The failure of a subscriber, even an error of the JVM, must not affect other
     * subscribers.
     */
    private void deliver(Subscription subscription) {
        try {
            subscription.deliver();
        } catch (Throwable failure) {
            report(failure);
            end(subscription, failure);
        } finally {
            subscription.clear();
        }
    }

    private void end(Subscription subscription, Throwable cause) {
        try {
            subscription.failed(cause);
        } catch (Throwable again) {
            report(again);
        }
    }

    /** Logs the failure of a subscriber or of one of its clients, at most once per second. */
    public void report(Throwable last) {
        failed++;
        long now = System.nanoTime();
        if (now - reportedNanos >= NANOS_BETWEEN_REPORTS) {
            LOG.error("event=readers-failed times={}", failed, last);
            failed = 0;
            reportedNanos = now;
        }
    }

    private void offer(Event event) {
        if (!event.cursor().epoch().equals(head.epoch())) {
            begin(new NewEpoch(event.cursor().at(event.offset() - 1)));
        }
        if (event.offset() <= head.offset()) {
            return; // the event was already included in the hub's initial head
        }
        head = event.cursor();
        table.each(event.topic(), subscription -> {
            if (subscription.offer(event)) {
                touched.add(subscription);
            }
        });
    }
}
