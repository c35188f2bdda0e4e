package io.tidegate.delivery.follow;

import io.tidegate.event.Cursor;
import io.tidegate.event.Event;
import io.tidegate.event.loop.EventLoop;
import io.tidegate.journal.Page;
import io.vertx.core.Future;
import java.util.List;

/**
 * Follows the journal on behalf of one client, using a cursor instead of a queue:
 *
 * <pre>
 *                         +------------- client accepts bytes again ---------+
 *                         v                                                  |
 *   IDLE -- start --> BEHIND -- client accepts no bytes ---------------> WAITING
 *                      |  ^  \
 *       cursor is at   |  |   +-- cursor is before the live position --> READING
 *   the live position  |  |                                                |
 *                      |  +-------------- page was sent -------------------+
 *                      v
 *                    LIVE -- client accepts no bytes, at an event --> BEHIND, at the event before it
 * </pre>
 *
 * <p>{@code ENDED} can be entered from every state. A follower that joins, a follower that resumes and a follower whose
 * client was slow are all treated as being behind. The cursor is compared with the live position and the state is
 * changed to {@code LIVE} in one turn of the event loop that delivers live events, so no event is lost between replay
 * and live delivery, and none is sent twice. Owned by one event loop.
 */
public abstract class Follower {

    private enum State {
        IDLE,
        BEHIND,
        WAITING,
        READING,
        LIVE,
        ENDED
    }

    private State state = State.IDLE;
    private Cursor cursor;
    private long stalledSince;

    /**
     * Creates a follower that has not started.
     *
     * @param start the position after which the client reads
     */
    protected Follower(Cursor start) {
        this.cursor = start;
    }

    protected abstract EventLoop loop();

    /** Returns the position up to which live delivery has sent all events. */
    protected abstract Cursor livePosition();

    /** Returns whether the client currently accepts bytes. */
    protected abstract boolean ready();

    /** Arranges for {@link #clientReady} to be called once the client accepts bytes again. */
    protected abstract void awaitClient();

    /**
     * Reads the events in a range that this client may see. The future must complete on the loop, in a separate turn.
     */
    protected abstract Future<Page> read(Cursor after, Cursor through);

    /** Returns the events of a page that are sent to the client; by default, all of them. */
    protected List<Event> select(List<Event> events) {
        return events;
    }

    /**
     * Returns the index after the last event that is sent before {@link #ready} is checked again.
     *
     * @param from the index of the first event to send
     */
    protected abstract int step(List<Event> events, int from);

    /**
     * Reserves memory for the events to be sent next or, if the list is empty, for what {@link #joinLive} sends.
     *
     * @return false if there is not enough memory; unless this follower has ended, {@link #clientReady} must then be
     *     called later
     */
    protected boolean reserve(List<Event> events) {
        return true;
    }

    /** Sends past events to the client. */
    protected abstract void show(List<Event> events);

    /** Called if the journal no longer has all events after the cursor. Must end this follower or announce the gap. */
    protected abstract void gap();

    /** Called if the journal cannot be read or the events cannot be sent. Must end this follower. */
    protected abstract void failed(Throwable cause);

    /** Called when this follower becomes live. From then on, live delivery must send it the events. */
    protected abstract void joinLive();

    /** Called when this follower falls behind. From then on, it reads the events itself. */
    protected abstract void leaveLive();

    /** Starts following the journal. */
    protected final void start() {
        loop().assertHere();
        if (state == State.IDLE) {
            state = State.BEHIND;
            catchUp();
        }
    }

    /** Continues from the cursor if this follower is behind and no read is in progress. */
    public final void catchUp() {
        if (state == State.BEHIND) {
            guarded(this::continueFromCursor);
        }
    }

    private void continueFromCursor() {
        if (!ready()) {
            state = State.WAITING;
            stalledSince = stalledSince == 0 ? now() : stalledSince;
            awaitClient();
            return;
        }
        stalledSince = 0;
        Cursor live = livePosition();
        if (!cursor.epoch().equals(live.epoch())) {
            failed(new IllegalStateException("the history has ended"));
            return;
        }
        int order = cursor.compareTo(live);
        if (order == 0) {
            joinIfReserved();
        } else if (order < 0) {
            state = State.READING;
            read(cursor, live).onComplete(page -> guarded(() -> pageRead(page)), this::failed);
        }
        // If the cursor is ahead of this loop, the follower waits until the next delivery calls this method again.
    }

    private void joinIfReserved() {
        if (reserve(List.of())) {
            state = State.LIVE;
            joinLive();
        } else {
            awaitMemory();
        }
    }

    private void awaitMemory() {
        if (state != State.ENDED) {
            state = State.WAITING;
        }
    }

    /**
     * Runs an action and ends this follower if the action fails for any reason, because the follower could otherwise
     * remain in a state in which it never receives anything.
     */
    private void guarded(Runnable action) {
        try {
            action.run();
        } catch (Throwable failure) {
            failed(failure);
        }
    }

    /**
     * Called by live delivery if this follower is live but its client accepts no bytes. The follower continues after
     * the given position once the client accepts bytes again.
     */
    public final void fallBehind(Cursor position) {
        if (state == State.LIVE) {
            state = State.BEHIND;
            cursor = position;
            leaveLive();
            catchUp();
        }
    }

    /** Must be called when the client accepts bytes again. */
    protected final void clientReady() {
        if (state == State.WAITING) {
            state = State.BEHIND;
            catchUp();
        }
    }

    private void pageRead(Page page) {
        if (state != State.READING) {
            return;
        }
        if (page.gap()) {
            cursor = livePosition();
            gap();
        } else {
            sendAll(page);
        }
        if (state == State.READING) {
            state = State.BEHIND;
            loop().run(this::catchUp);
        }
    }

    /** Sends as much of a page as the client accepts. The rest is read again when the client accepts more bytes. */
    private void sendAll(Page page) {
        List<Event> events = select(page.events());
        int from = 0;
        while (from < events.size() && state == State.READING && ready()) {
            int to = step(events, from);
            List<Event> next = events.subList(from, to);
            if (!reserve(next)) {
                awaitMemory();
                return;
            }
            show(next);
            cursor = events.get(to - 1).cursor();
            from = to;
        }
        if (from == events.size()) {
            cursor = page.next();
        }
    }

    /**
     * Ends this follower. None of the abstract methods is called afterwards.
     *
     * @return false if this follower had already ended
     */
    protected final boolean end() {
        boolean first = state != State.ENDED;
        state = State.ENDED;
        return first;
    }

    public final boolean isLive() {
        return state == State.LIVE;
    }

    /** Returns the position up to which all events have been sent. */
    public final Cursor position() {
        return isLive() ? livePosition() : cursor;
    }

    /**
     * Returns an upper bound on the number of events by which this follower is behind. It includes events of other
     * topics.
     */
    public final long lagEvents() {
        return Math.max(0, livePosition().offset() - position().offset());
    }

    /**
     * Returns for how long the client has accepted no bytes, in milliseconds. Returns 0 while the client accepts bytes.
     */
    public final long stalledMillis() {
        return stalledSince == 0 ? 0 : Math.max(0, now() - stalledSince);
    }

    /** Returns the current time in milliseconds. */
    protected abstract long now();
}
