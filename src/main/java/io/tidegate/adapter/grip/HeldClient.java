package io.tidegate.adapter.grip;

import io.tidegate.delivery.follow.Follower;
import io.tidegate.delivery.sse.Admission;
import io.tidegate.delivery.sse.CloseReason;
import io.tidegate.delivery.sse.OpenStream;
import io.tidegate.edge.message.BrokenResponse;
import io.tidegate.event.Cursor;
import io.tidegate.event.Event;
import io.tidegate.event.Topic;
import io.tidegate.event.loop.EventLoop;
import io.tidegate.journal.Page;
import io.vertx.core.Future;
import io.vertx.core.http.HttpServerResponse;
import java.util.List;
import java.util.Map;

/**
 * A client that is held for an origin. Reads the journal while it is behind, and receives items from its
 * {@link HoldGroup} while it is live. Owned by one event loop.
 */
abstract class HeldClient extends Follower {

    /**
     * The maximum size in bytes of a delivery that is written to a live client in one piece; a larger delivery is read
     * from the journal instead.
     */
    private static final int MAX_LIVE_DELIVERY = 256 << 10;

    final HttpServerResponse response;
    private final Holds holds;
    private final HoldGroup group;
    private final Admission.Owner owner;
    private final HandoffWindow handoff;
    private Map<Topic, String> ids;
    private boolean begun;
    private boolean left;

    /**
     * Creates a held client.
     *
     * @param from the position to read from, which must not be after the position at which the client is held
     */
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
        this.ids = group.usedIds(handoff.previousIds());
    }

    /** Sends a delivery to the client. */
    abstract void show(Delivery delivery);

    /** Ends the response normally. Called at most once, and not for a client that has disconnected. */
    abstract void finish();

    /** Runs once a second. */
    abstract void onSecond();

    /** Begins to send items to the client. From then on, this object owns the response. */
    final void follow() {
        begun = true;
        readWindow(position());
    }

    /**
     * Reads the events up to the hold, before anything is sent, to determine which items the origin knew. The events
     * are then read a second time, which avoids buffering them.
     */
    private void readWindow(Cursor from) {
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
                        readWindow(page.more() ? page.next() : handoff.held());
                    }
                })
                .onFailure(this::failed);
    }

    /**
     * Sends a delivery if the client is live and ready for data; otherwise the client will read the items from the
     * journal.
     *
     * @param before the position just before the first event in the delivery
     */
    final void deliver(Delivery delivery, Cursor before) {
        if (isLive() && ready() && delivery.content().length() <= MAX_LIVE_DELIVERY) {
            accept(delivery);
        } else {
            fallBehind(before);
            catchUp();
        }
    }

    private void accept(Delivery delivery) {
        ids = delivery.ids();
        show(delivery);
    }

    /** Returns the ids of the last items that the client has received, if a filter uses them. */
    final Map<Topic, String> ids() {
        return ids;
    }

    @Override
    protected EventLoop loop() {
        return holds.loop();
    }

    @Override
    protected Cursor livePosition() {
        return holds.head();
    }

    /** Does nothing, because the completion of a write calls {@link #clientReady}. */
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
        accept(group.delivery(ids, events));
    }

    @Override
    protected void gap() {
        lost(CloseReason.SLOW);
    }

    @Override
    protected void failed(Throwable cause) {
        holds.report(cause);
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
            onSecond();
        }
    }

    /** Releases the client and ends its response normally. */
    final void end(CloseReason reason) {
        if (!left) {
            leave(reason);
            if (begun && !response.ended() && !response.closed()) {
                finish();
            }
        }
    }

    /**
     * Releases a client that has lost its position, and resets its response, because a broken stream must not appear to
     * be complete.
     */
    void lost(CloseReason reason) {
        if (!left) {
            leave(reason);
            BrokenResponse.end(response);
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

    final OpenStream snapshot() {
        return new OpenStream(owner, group.selection(), lagEvents(), stalledMillis());
    }
}
