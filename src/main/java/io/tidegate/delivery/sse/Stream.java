package io.tidegate.delivery.sse;

import io.tidegate.event.Cursor;
import io.tidegate.event.Event;
import io.tidegate.journal.Page;
import io.tidegate.journal.ResumeStatus;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.List;

/**
 * One open stream. It is either live, and then its group writes to it and its position is the group's, or it is behind,
 * and then it has a cursor of its own and reads the journal from there, page by page, as fast as its client takes them.
 * A stream that joins with a cursor, one that was slow and one that is ahead of this loop are all just behind. It has no
 * queue. Owned by one event loop.
 *
 * <p>What an open stream keeps alive is some 4.4 KB of heap on a JDK 17, and no byte of an event: this object, its outlet
 * and its places in the group and among the open ones; of Vert.x the connection, its handlers, and the request and the
 * response with their header maps, of which the request's is empty; of Netty the channel with its pipeline, its decoder
 * and a send queue that is empty while the client keeps up. The routing context, the token and the handlers of the
 * routes are gone by then.
 */
final class Stream {

    private final Streams streams;
    private final StreamGroup group;
    private final Outlet outlet;
    private final Instant expires;
    private final Admission.Owner owner;
    private final int beat;

    private Cursor cursor;
    private int place;
    private boolean live;
    private boolean busy;
    private boolean closed;
    private boolean warned;
    private boolean owesList;
    private long stalledSince;
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
            Cursor cursor,
            int beat) {
        this.streams = streams;
        this.group = group;
        this.outlet = outlet;
        this.expires = request.expires();
        this.owner = owner;
        this.cursor = cursor;
        this.beat = beat;
        this.owesList = group.hasList();
    }

    /** Goes on from the cursor until it is live, the client stops taking bytes, or there is nothing to read yet. */
    void catchUp() {
        if (closed || live || busy) {
            return;
        }
        if (!outlet.writable()) {
            awaitClient();
            return;
        }
        stalledSince = 0;
        Cursor target = group.position();
        int ahead = cursor.compareTo(target);
        if (ahead == 0) {
            goLive();
        } else if (ahead < 0) {
            busy = true;
            streams.read(cursor, target, group, this::take, failure -> {
                busy = false;
                close(CloseReason.ERROR);
            });
        }
        // Ahead of this loop: the group calls again with the next events.
    }

    private void take(Page page) {
        busy = false;
        if (closed) {
            return;
        }
        if (page.gap()) {
            cursor = group.position();
            streams.metrics().resumed(group.kind(), ResumeStatus.GAP);
            send(streams.resumeFrame(ResumeStatus.GAP, cursor, group));
        } else {
            write(page);
        }
        streams.nextTurn(this::catchUp);
    }

    /** Writes as much of a page as the client takes; the rest is read again when it takes more. */
    private void write(Page page) {
        List<Event> events = page.events();
        int from = 0;
        while (from < events.size() && outlet.writable()) {
            int to = StreamGroup.step(events, from);
            List<Event> step = events.subList(from, to);
            send(group.encode(step));
            streams.metrics().transmitted(step.size());
            cursor = events.get(to - 1).cursor();
            from = to;
            if (group.hasLast(step)) {
                close(CloseReason.COMPLETE);
                return;
            }
        }
        if (from == events.size()) {
            cursor = page.next();
        }
    }

    private void send(Frames frames) {
        try (frames) {
            outlet.write(frames);
        }
    }

    private void goLive() {
        if (owesList) {
            send(group.encodeList());
            owesList = false;
        }
        live = true;
        weightWhenBehind = Long.MAX_VALUE;
        group.joinLive(this, outlet);
    }

    /** The client of a live stream does not take bytes: it goes on from a position when its client does. */
    void fallBehind(Cursor position) {
        live = false;
        cursor = position;
        owesList = group.hasList();
        weightWhenBehind = group.weight();
        group.joinBehind(this);
        awaitClient();
    }

    private void awaitClient() {
        busy = true;
        stalledSince = streams.now().toEpochMilli();
        outlet.whenWritable(() -> {
            busy = false;
            catchUp();
        });
    }

    /** Called about once a second: heartbeat, notice of the end, too far behind. */
    void sweep(int sweep, Instant now) {
        if (tooSlow(now)) {
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

    private boolean tooSlow(Instant now) {
        StreamOptions options = streams.options();
        boolean tooLong = stalledSince > 0
                && now.toEpochMilli() - stalledSince > options.maxLag().toMillis();
        boolean tooFar = group.weight() - options.maxLagBytes() > weightWhenBehind;
        return !live && (tooLong || tooFar);
    }

    /** When its token ends. */
    Instant expires() {
        return expires;
    }

    Admission.Owner owner() {
        return owner;
    }

    OpenStream seen() {
        long behind = group.position().offset() - position().offset();
        long stalled = stalledSince == 0 ? 0 : streams.now().toEpochMilli() - stalledSince;
        return new OpenStream(owner, group.selection(), Math.max(0, behind), Math.max(0, stalled));
    }

    private Cursor position() {
        return live ? group.position() : cursor;
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
        if (closed) {
            return;
        }
        closed = true;
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
