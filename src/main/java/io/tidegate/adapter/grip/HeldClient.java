package io.tidegate.adapter.grip;

import io.tidegate.delivery.follow.Follower;
import io.tidegate.delivery.sse.Admission;
import io.tidegate.delivery.sse.CloseReason;
import io.tidegate.delivery.sse.OpenStream;
import io.tidegate.event.Cursor;
import io.tidegate.event.Event;
import io.tidegate.event.loop.EventLoop;
import io.tidegate.journal.Page;
import io.vertx.core.Future;
import io.vertx.core.http.HttpServerResponse;
import java.util.List;

/** One client that is held for an origin. Owned by one event loop. */
abstract class HeldClient extends Follower {

    /** The largest delivery that a live client gets at once; more is read from the journal, event by event. */
    private static final int LARGE = 256 << 10;

    final HttpServerResponse response;
    private final Holds holds;
    private final HoldGroup group;
    private final Admission.Owner owner;
    private final HandoffWindow handoff;
    private boolean begun;
    private boolean left;

    /** @param from where it begins to read, not after the position at which it is held */
    HeldClient(
            HttpServerResponse response,
            Holds holds,
            HoldGroup group,
            Admission.Owner owner,
            HandoffWindow handoff,
            Cursor from) {
        super(from);
        this.response = response;
        this.holds = holds;
        this.group = group;
        this.owner = owner;
        this.handoff = handoff;
    }

    /** Shows what was published. */
    abstract void show(Delivery delivery);

    /** Ends the response as a complete one. Called at most once, and not for a client that has disconnected. */
    abstract void finish();

    /** Called once a second. */
    abstract void second();

    /** From now on the response belongs to this client, and it gets what is published. */
    final void follow() {
        begun = true;
        search(position());
    }

    /**
     * Reads up to the hold, to find what the origin knew; nothing is shown before. Then all of it is read again, so that
     * nothing has to be kept.
     */
    private void search(Cursor from) {
        if (from.compareTo(handoff.held()) >= 0) {
            start();
            return;
        }
        read(from, handoff.held())
                .onSuccess(page -> {
                    if (page.gap()) {
                        gap();
                    } else if (!left) {
                        handoff.learn(page.events());
                        search(page.more() ? page.next() : handoff.held());
                    }
                })
                .onFailure(failure -> failed());
    }

    /** Shows a turn's items at once if this client is live and takes them; otherwise it reads them from the journal. */
    final void deliver(Delivery delivery, Cursor before) {
        if (isLive() && ready() && delivery.content().length() <= LARGE) {
            show(delivery);
        } else {
            fallBehind(before);
            catchUp();
        }
    }

    @Override
    protected EventLoop loop() {
        return holds.loop();
    }

    @Override
    protected Cursor livePosition() {
        return holds.head();
    }

    /** Nothing to arrange: the completion of a write calls {@link #clientReady}. */
    @Override
    protected void awaitClient() {}

    @Override
    protected Future<Page> read(Cursor after, Cursor through) {
        return holds.read(after, through, group.selection());
    }

    @Override
    protected List<Event> select(List<Event> events) {
        return handoff.unseen(events);
    }

    @Override
    protected int step(List<Event> events, int from) {
        return from + 1;
    }

    @Override
    protected void show(List<Event> events) {
        show(group.delivery(events));
    }

    @Override
    protected void gap() {
        lost(CloseReason.SLOW);
    }

    @Override
    protected void failed() {
        lost(CloseReason.ERROR);
    }

    @Override
    protected void joinLive() {}

    @Override
    protected void leaveLive() {}

    @Override
    protected long now() {
        return holds.now();
    }

    final void tick() {
        if (!left && stalledMillis() > holds.maxLag().toMillis()) {
            lost(CloseReason.SLOW);
        } else {
            second();
        }
    }

    /** Ends it with a complete response. */
    final void end(CloseReason reason) {
        if (!left) {
            leave(reason);
            if (begun && !response.ended() && !response.closed()) {
                finish();
            }
        }
    }

    /** Ends a client that has lost its position. A stream must not look complete then. */
    void lost(CloseReason reason) {
        if (!left) {
            leave(reason);
            response.reset();
        }
    }

    final void leave(CloseReason reason) {
        if (!left) {
            left = true;
            end();
            group.leave(this);
            owner.release();
            holds.metrics().released(group.mode(), reason);
        }
    }

    final boolean hasBegun() {
        return begun;
    }

    final boolean hasLeft() {
        return left;
    }

    final Admission.Owner owner() {
        return owner;
    }

    final OpenStream seen() {
        return new OpenStream(owner, group.selection(), lagEvents(), stalledMillis());
    }
}
