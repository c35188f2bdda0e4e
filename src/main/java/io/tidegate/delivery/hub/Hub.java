package io.tidegate.delivery.hub;

import io.tidegate.event.Cursor;
import io.tidegate.event.Event;
import io.tidegate.event.Selection;
import io.tidegate.event.bus.Batch;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands committed events to the readers of one event loop. All batches that arrive in one turn of the loop go out
 * together: nothing waits for a timer, and under load a turn holds more. Owned by one event loop.
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
    private long failed;
    private long reportedNanos = System.nanoTime() - NANOS_BETWEEN_REPORTS;

    /**
     * Makes a hub without readers.
     *
     * @param nextTurn runs a task on the owning loop, after what is queued there already
     * @param head position of the last event that will not be handed over; every later one must be given to
     *     {@link #accept}
     */
    public Hub(Executor nextTurn, HubListener listener, Cursor head) {
        this.nextTurn = nextTurn;
        this.listener = listener;
        this.head = head;
    }

    /** Runs the action in each turn, before the events that arrived are handed over. */
    public void beforeDelivery(Runnable action) {
        beforeDelivery = action;
    }

    /** Takes what the journal published. */
    public void accept(Batch batch) {
        arrived.add(batch);
        if (arrived.size() == 1) {
            nextTurn.execute(this::deliverArrived);
        }
    }

    /** Every event through this position has been handed over; a reader that joins now gets those after it. */
    public Cursor head() {
        return head;
    }

    /** Lets a reader have the events of its selection from {@link #head()} on, until it leaves. */
    public Subscription join(Selection selection, Subscriber reader) {
        Subscription seat = new Subscription(selection, reader);
        table.add(seat);
        return seat;
    }

    public void leave(Subscription seat) {
        seat.leave();
        table.remove(seat);
    }

    private void deliverArrived() {
        beforeDelivery.run();
        List<Batch> batches = arrived;
        arrived = new ArrayList<>();
        for (Batch batch : batches) {
            batch.events().forEach(this::offer);
        }
        // The readers may ask for the head, and may join and leave, while they are told.
        List<Subscription> told = List.copyOf(touched);
        touched.clear();
        @Nullable RuntimeException failure = null;
        for (Subscription seat : told) {
            try {
                seat.deliver();
            } catch (RuntimeException fault) {
                // The reader's own: the others are told what came, as if it had not been there.
                failed++;
                failure = fault;
            }
        }
        if (failure != null) {
            report(failure);
        }
        listener.delivered(System.nanoTime() - batches.get(0).queuedNanos());
    }

    /** Readers may fail at every turn, and are told of together then. */
    private void report(RuntimeException last) {
        long now = System.nanoTime();
        if (now - reportedNanos >= NANOS_BETWEEN_REPORTS) {
            LOG.error("event=readers-failed times={}", failed, last);
            failed = 0;
            reportedNanos = now;
        }
    }

    private void offer(Event event) {
        if (event.offset() <= head.offset()) {
            return; // part of what the hub began with
        }
        head = event.cursor();
        table.each(event.topic(), seat -> {
            if (seat.offer(event)) {
                touched.add(seat);
            }
        });
    }
}
