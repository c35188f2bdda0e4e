package io.tidegate.delivery.sse;

import io.tidegate.delivery.follow.Follower;
import io.tidegate.event.Cursor;
import io.tidegate.event.Event;
import io.tidegate.event.loop.EventLoop;
import io.tidegate.journal.Page;
import io.tidegate.journal.ResumeStatus;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.List;

/**
 * One open stream. While it is live its group writes to it. Owned by one event loop.
 *
 * <p>What an open stream keeps alive is some 4.4 KB of heap on a JDK 17, and no byte of an event: this object, its outlet
 * and its places in the group and among the open ones; of Vert.x the connection, its handlers, and the request and the
 * response with their header maps, of which the request's is empty; of Netty the channel with its pipeline, its decoder
 * and a send queue that is empty while the client keeps up. The routing context, the token and the handlers of the
 * routes are gone by then.
 */
final class Stream extends Follower {

    private final Streams streams;
    private final StreamGroup group;
    private final Outlet outlet;
    private final Instant expires;
    private final Admission.Owner owner;
    private final int beat;

    private int place;
    private boolean warned;
    private boolean owesList;
    private long weightWhenBehind = Long.MAX_VALUE;

    /**
     * Makes a stream that is behind.
     *
     * @param beat which sweep of a heartbeat interval it belongs to
     */
    Stream(
            Streams streams,
            StreamGroup group,
            Outlet outlet,
            StreamRequest request,
            Admission.Owner owner,
            Cursor start,
            int beat) {
        super(start);
        this.streams = streams;
        this.group = group;
        this.outlet = outlet;
        this.expires = request.expires();
        this.owner = owner;
        this.beat = beat;
        this.owesList = group.hasList();
    }

    /** Begins to deliver; the head of the response has been written. */
    void open() {
        start();
    }

    @Override
    protected EventLoop loop() {
        return streams.loop();
    }

    @Override
    protected Cursor livePosition() {
        return group.position();
    }

    @Override
    protected boolean ready() {
        return outlet.writable();
    }

    @Override
    protected void awaitClient() {
        outlet.whenWritable(this::clientReady);
    }

    @Override
    protected Future<Page> read(Cursor after, Cursor through) {
        return streams.read(after, through, group);
    }

    @Override
    protected int step(List<Event> events, int from) {
        return StreamGroup.step(events, from);
    }

    @Override
    protected void show(List<Event> events) {
        send(group.encode(events));
        streams.metrics().transmitted(events.size());
        if (group.hasLast(events)) {
            close(CloseReason.COMPLETE);
        }
    }

    @Override
    protected void gap() {
        streams.metrics().resumed(group.kind(), ResumeStatus.GAP);
        send(streams.resumeFrame(ResumeStatus.GAP, position(), group));
    }

    @Override
    protected void failed() {
        close(CloseReason.ERROR);
    }

    @Override
    protected void joinLive() {
        if (owesList) {
            send(group.encodeList());
            owesList = false;
        }
        weightWhenBehind = Long.MAX_VALUE;
        group.joinLive(this, outlet);
    }

    @Override
    protected void leaveLive() {
        owesList = group.hasList();
        weightWhenBehind = group.weight();
        group.joinBehind(this);
    }

    @Override
    protected long now() {
        return streams.now().toEpochMilli();
    }

    private void send(Frames frames) {
        try (frames) {
            outlet.write(frames);
        }
    }

    /** Called about once a second: heartbeat, notice of the end, too far behind. */
    void sweep(int sweep, Instant now) {
        if (tooSlow()) {
            close(CloseReason.SLOW);
        } else if (outlet.writable()) {
            if (sweep == beat) {
                send(streams.heartbeat(position()));
            }
            if (!warned && now.plus(Streams.EXPIRY_NOTICE).isAfter(expires)) {
                warned = true;
                send(new FrameWriter()
                        .control("gateway.auth", new JsonObject().put("expires", expires.toString()))
                        .frames());
            }
        }
    }

    private boolean tooSlow() {
        StreamOptions options = streams.options();
        boolean tooLong = stalledMillis() > options.maxLag().toMillis();
        boolean tooFar = group.weight() - options.maxLagBytes() > weightWhenBehind;
        return !isLive() && (tooLong || tooFar);
    }

    /** When its token ends. */
    Instant expires() {
        return expires;
    }

    Admission.Owner owner() {
        return owner;
    }

    OpenStream seen() {
        return new OpenStream(owner, group.selection(), lagEvents(), stalledMillis());
    }

    int place() {
        return place;
    }

    /** Where the group keeps this stream among its live ones. */
    void place(int index) {
        place = index;
    }

    /** Ends the stream; what it says last depends on the reason. */
    void close(CloseReason reason) {
        if (!end()) {
            return;
        }
        group.leave(this);
        streams.forget(this, group, reason);
        switch (reason) {
            case SLOW -> outlet.abort();
            case DRAIN, ENDED -> {
                send(streams.goodbye(reason));
                outlet.end();
            }
            case EXPIRED -> endWithToken();
            default -> outlet.end();
        }
    }

    /** What a slow client has not taken yet would reach it after its time. */
    private void endWithToken() {
        if (outlet.writable()) {
            outlet.end();
        } else {
            outlet.abort();
        }
    }
}
