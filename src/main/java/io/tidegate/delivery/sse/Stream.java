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
 * An open stream. While the stream is live, its group writes to it. Owned by one event loop.
 *
 * <p>An open stream retains about 4.4 KB of heap on JDK 17, and no event data. This includes this object, its outlet
 * and its entries in the group and among the open streams; in Vert.x, the connection, its handlers, the response, and
 * the request with an empty header map; and in Netty, the channel with its pipeline, its decoder and a send queue that
 * is empty while the client keeps up. The routing context, the token and the route handlers are no longer referenced.
 */
final class Stream extends Follower {

    private final Streams streams;
    private final StreamGroup group;
    private final Outlet outlet;
    private final Instant expires;
    private final Admission.Owner owner;
    private final int heartbeatTick;

    private int liveIndex;
    private boolean expiryNotified;
    private boolean owesList;
    private long weightWhenBehind = Long.MAX_VALUE;
    /** The number of bytes of memory that are reserved for data that the client has not yet accepted. */
    private long reserved;

    /**
     * Creates a stream that is behind.
     *
     * @param heartbeatTick the tick within the heartbeat interval at which the stream sends its heartbeat
     */
    Stream(
            Streams streams,
            StreamGroup group,
            Outlet outlet,
            StreamRequest request,
            Admission.Owner owner,
            Cursor start,
            int heartbeatTick) {
        super(start);
        this.streams = streams;
        this.group = group;
        this.outlet = outlet;
        this.expires = request.expires();
        this.owner = owner;
        this.heartbeatTick = heartbeatTick;
        this.owesList = group.hasList();
    }

    /** Starts delivery. The response head must already have been written. */
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
        boolean ready = outlet.writable();
        if (ready) {
            release();
        }
        return ready;
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
    protected void failed(Throwable cause) {
        streams.report(cause);
        try {
            close(CloseReason.ERROR);
        } catch (Throwable again) {
            outlet.abort();
        }
    }

    @Override
    protected boolean reserve(List<Event> events) {
        long bytes = events.isEmpty() ? listWeight() : StreamGroup.weightOf(events);
        if (bytes == 0) {
            return true;
        }
        if (streams.memory().outgoing().reserve(owner.client(), bytes)) {
            reserved += bytes;
            return true;
        }
        if (bytes > streams.memory().outgoing().limit()) {
            close(CloseReason.ERROR);
        } else {
            streams.memory().await(this::clientReady);
        }
        return false;
    }

    private long listWeight() {
        return owesList ? group.listWeight() : 0;
    }

    private void release() {
        if (reserved > 0) {
            streams.memory().outgoing().release(owner.client(), reserved);
            reserved = 0;
        }
    }

    @Override
    protected void joinLive() {
        if (owesList) {
            group.writeList(outlet);
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

    /** Announces that the history has ended, and ends the stream, whose client resumes in the new epoch. */
    void historyEnded() {
        if (outlet.writable()) {
            streams.metrics().resumed(group.kind(), ResumeStatus.FRESH);
            send(streams.resumeFrame(ResumeStatus.FRESH, livePosition(), group));
        }
        close(CloseReason.ERROR);
    }

    private void send(Frames frames) {
        try (frames) {
            outlet.write(frames);
        }
    }

    /**
     * Closes the stream if it is too far behind; otherwise, sends the heartbeat and the notice that the token is about
     * to expire when they are due. Called about once per second.
     */
    void tick(int tick, Instant now) {
        if (tooSlow()) {
            close(CloseReason.SLOW);
        } else if (ready()) {
            if (tick == heartbeatTick) {
                send(streams.heartbeat(position()));
            }
            if (!expiryNotified && now.plus(Streams.EXPIRY_NOTICE).isAfter(expires)) {
                expiryNotified = true;
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

    /** Returns the time at which the stream's token expires. */
    Instant expires() {
        return expires;
    }

    Admission.Owner owner() {
        return owner;
    }

    OpenStream describe() {
        return new OpenStream(owner, group.selection(), lagEvents(), stalledMillis());
    }

    int liveIndex() {
        return liveIndex;
    }

    /** Sets the index of this stream in {@link LiveStreams}. */
    void liveIndex(int index) {
        liveIndex = index;
    }

    /** Ends the stream. The last message depends on the reason. */
    void close(CloseReason reason) {
        if (!end()) {
            return;
        }
        release();
        group.leave(this);
        streams.remove(this, group, reason);
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

    /**
     * Ends the response normally, or aborts it if the client is slow, because bytes that the client has not yet
     * accepted would reach it after its token has expired.
     */
    private void endWithToken() {
        if (outlet.writable()) {
            outlet.end();
        } else {
            outlet.abort();
        }
    }
}
