package io.tidegate.delivery.follow;

import io.tidegate.event.Cursor;
import io.tidegate.event.Event;
import io.tidegate.event.loop.EventLoop;
import io.tidegate.journal.Page;
import io.vertx.core.Future;
import java.util.List;

/**
 * Follows the journal on behalf of one client. It has a cursor instead of a queue:
 *
 * <pre>
 *                         +------------- client takes bytes again -----------+
 *                         v                                                  |
 *   IDLE -- start --> BEHIND -- client takes no bytes -----------------> WAITING
 *                      |  ^  \
 *       cursor is at   |  |   +-- cursor is before the live position --> READING
 *   the live position  |  |                                                |
 *                      |  +-------------- page was shown ------------------+
 *                      v
 *                    LIVE -- client takes no bytes, at an event --> BEHIND, at the event before it
 * </pre>
 *
 * <p>and {@code ENDED} from any of them. A follower that joins, one that resumes and one that was slow are all just behind.
 * The comparison of the cursor with the live position and the change to {@code LIVE} happen in one turn of the one event
 * loop that delivers live events, so that nothing falls between replay and live delivery and nothing is shown twice.
 * Owned by one event loop.
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

    /** @param start the position after which the client reads */
    protected Follower(Cursor start) {
        this.cursor = start;
    }

    protected abstract EventLoop loop();

    /** Returns the position up to which live delivery has shown everything. */
    protected abstract Cursor livePosition();

    /** Returns whether the client takes bytes at present. */
    protected abstract boolean ready();

    /** Arranges for {@link #clientReady} to be called once the client takes bytes again. */
    protected abstract void awaitClient();

    /** Reads what this client may see; the result must complete on the loop, in a turn of its own. */
    protected abstract Future<Page> read(Cursor after, Cursor through);

    /** Returns which events of a page are shown; by default all. */
    protected List<Event> select(List<Event> events) {
        return events;
    }

    /** Returns the end of the events from an index on that are shown before the client is asked again. */
    protected abstract int step(List<Event> events, int from);

    /** Shows events of the past. */
    protected abstract void show(List<Event> events);

    /** The journal no longer holds what follows the cursor. Must end this follower or announce the gap. */
    protected abstract void gap();

    /** The journal cannot be read. Must end this follower. */
    protected abstract void failed();

    /** From now on live delivery shows the events. */
    protected abstract void joinLive();

    /** From now on this follower reads for itself. */
    protected abstract void leaveLive();

    /** Begins to follow. */
    protected final void start() {
        loop().assertHere();
        if (state == State.IDLE) {
            state = State.BEHIND;
            catchUp();
        }
    }

    /** Continues from the cursor, if this follower is behind and nothing is in progress. */
    public final void catchUp() {
        if (state != State.BEHIND) {
            return;
        }
        if (!ready()) {
            state = State.WAITING;
            stalledSince = stalledSince == 0 ? now() : stalledSince;
            awaitClient();
            return;
        }
        stalledSince = 0;
        Cursor live = livePosition();
        int order = cursor.compareTo(live);
        if (order == 0) {
            state = State.LIVE;
            joinLive();
        } else if (order < 0) {
            state = State.READING;
            read(cursor, live).onComplete(this::take, failure -> failed());
        }
        // A cursor ahead of this loop waits: the next delivery calls again.
    }

    /** The client of a live follower takes no bytes: it continues after this position when it does. */
    public final void fallBehind(Cursor position) {
        if (state == State.LIVE) {
            state = State.BEHIND;
            cursor = position;
            leaveLive();
            catchUp();
        }
    }

    /** The client takes bytes again. */
    protected final void clientReady() {
        if (state == State.WAITING) {
            state = State.BEHIND;
            catchUp();
        }
    }

    private void take(Page page) {
        if (state != State.READING) {
            return;
        }
        if (page.gap()) {
            cursor = livePosition();
            gap();
        } else {
            showAll(page);
        }
        if (state == State.READING) {
            state = State.BEHIND;
            loop().run(this::catchUp);
        }
    }

    /** Shows as much of a page as the client takes; the rest is read again when it takes more. */
    private void showAll(Page page) {
        List<Event> events = select(page.events());
        int from = 0;
        while (from < events.size() && state == State.READING && ready()) {
            int to = step(events, from);
            show(events.subList(from, to));
            cursor = events.get(to - 1).cursor();
            from = to;
        }
        if (from == events.size()) {
            cursor = page.next();
        }
    }

    /**
     * Ends this follower; none of the abstract methods is called again.
     *
     * @return false if it had ended before
     */
    protected final boolean end() {
        boolean first = state != State.ENDED;
        state = State.ENDED;
        return first;
    }

    public final boolean isLive() {
        return state == State.LIVE;
    }

    /** Returns the position up to which everything was shown. */
    public final Cursor position() {
        return isLive() ? livePosition() : cursor;
    }

    /** Returns how many events this follower is behind, at most: other topics' events count too. */
    public final long lagEvents() {
        return Math.max(0, livePosition().offset() - position().offset());
    }

    /** Returns for how many milliseconds the client has taken no bytes; 0 while it takes them. */
    public final long stalledMillis() {
        return stalledSince == 0 ? 0 : Math.max(0, now() - stalledSince);
    }

    /** Returns the time in milliseconds. */
    protected abstract long now();
}
