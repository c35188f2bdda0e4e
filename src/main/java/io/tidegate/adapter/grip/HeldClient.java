package io.tidegate.adapter.grip;

import io.tidegate.delivery.sse.Admission;
import io.tidegate.delivery.sse.CloseReason;
import io.tidegate.delivery.sse.OpenStream;
import io.tidegate.event.Cursor;
import io.tidegate.event.Event;
import io.tidegate.journal.Page;
import io.vertx.core.http.HttpServerResponse;
import java.util.List;
import java.util.function.Consumer;

/**
 * One client that is held. Like a stream it is live, and then its position is that of its loop, or it is behind, and then
 * it has a cursor and reads the journal from there, as fast as its client takes it; it has no queue. Owned by one event
 * loop.
 */
abstract class HeldClient {

    /** What a live client is given at once; more is read from the journal, piece by piece. */
    private static final int LARGE = 256 << 10;

    final HttpServerResponse response;
    private final Holds holds;
    private final HoldGroup group;
    private final Admission.Owner owner;
    private final HandoffWindow seam;
    private Cursor cursor;
    private Cursor searched;
    private boolean begun;
    private boolean live;
    private boolean reading;
    private boolean over;
    private long stalledSince;

    /** @param from where it begins to read, not after the position at which it is held */
    HeldClient(
            HttpServerResponse response,
            Holds holds,
            HoldGroup group,
            Admission.Owner owner,
            HandoffWindow seam,
            Cursor from) {
        this.response = response;
        this.holds = holds;
        this.group = group;
        this.owner = owner;
        this.seam = seam;
        this.cursor = from;
        this.searched = from;
    }

    /** Whether the client takes more. */
    abstract boolean ready();

    /** Gives it what came. */
    abstract void show(Delivery delivery);

    /** Its response ends as a whole one; not called twice, nor for a client that is gone. */
    abstract void finish();

    /** A second has passed. */
    abstract void second();

    /** From now on it is told what comes: the response is its own. */
    final void follow() {
        begun = true;
        catchUp();
    }

    /** A turn's items: at once for whoever is live and reads, else from the journal when he does. */
    final void deliver(Delivery delivery, Cursor before) {
        if (live && ready() && delivery.content().length() <= LARGE) {
            show(delivery);
        } else {
            if (live) {
                live = false;
                cursor = before;
            }
            catchUp();
        }
    }

    /** Goes on from the cursor until it is live or the client stops taking bytes. */
    final void catchUp() {
        if (!begun || over || live || reading) {
            return;
        }
        if (!ready()) {
            stalledSince = stalledSince == 0 ? holds.now() : stalledSince;
            return;
        }
        stalledSince = 0;
        Cursor head = holds.head();
        if (cursor.compareTo(head) >= 0) {
            live = true;
            return;
        }
        if (searched.compareTo(seam.held()) < 0) {
            read(searched, seam.held(), this::search);
        } else {
            read(cursor, head, this::take);
        }
    }

    private void read(Cursor after, Cursor through, Consumer<Page> then) {
        reading = true;
        holds.read(after, through, group.selection(), page -> accept(page, then), failure -> {
            reading = false;
            lost(CloseReason.ERROR);
        });
    }

    private void accept(Page page, Consumer<Page> then) {
        if (over) {
            return;
        }
        if (page.gap()) {
            lost(CloseReason.SLOW);
            return;
        }
        then.accept(page);
    }

    /** Nothing is shown before it is clear what the origin knew; then all is read again, so that nothing has to be kept. */
    private void search(Page page) {
        seam.learn(page.events());
        searched = page.more() ? page.next() : seam.held();
        reading = false;
        catchUp();
    }

    private void take(Page page) {
        // Still reading: what is shown may be written at once, and then asks for more.
        boolean whole;
        try {
            whole = showAll(seam.unseen(page.events()));
        } finally {
            reading = false;
        }
        if (whole) {
            cursor = page.next();
            holds.nextTurn(this::catchUp);
        } else {
            catchUp();
        }
    }

    private boolean showAll(List<Event> events) {
        for (Event event : events) {
            if (over || !ready()) {
                return false;
            }
            show(group.delivery(List.of(event)));
            cursor = event.cursor();
        }
        return true;
    }

    final void tick() {
        if (stalledSince > 0
                && !over
                && holds.now() - stalledSince > holds.maxLag().toMillis()) {
            lost(CloseReason.SLOW);
        } else {
            second();
        }
    }

    /** Ends it as a whole answer. */
    final void end(CloseReason reason) {
        if (!over) {
            leave(reason);
            if (begun && !response.ended() && !response.closed()) {
                finish();
            }
        }
    }

    /** It has lost its place. A stream must not look whole then; who waits for a response asks again. */
    void lost(CloseReason reason) {
        leave(reason);
        response.reset();
    }

    final void leave(CloseReason reason) {
        if (!over) {
            over = true;
            group.leave(this);
            owner.release();
            holds.metrics().released(group.mode(), reason);
        }
    }

    final boolean begun() {
        return begun;
    }

    final boolean isOver() {
        return over;
    }

    final Admission.Owner owner() {
        return owner;
    }

    final OpenStream seen() {
        long behind = live ? 0 : holds.head().offset() - cursor.offset();
        long stalled = stalledSince == 0 ? 0 : holds.now() - stalledSince;
        return new OpenStream(owner, group.selection(), Math.max(0, behind), Math.max(0, stalled));
    }
}
