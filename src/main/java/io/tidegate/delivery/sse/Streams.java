package io.tidegate.delivery.sse;

import io.tidegate.delivery.hub.Hub;
import io.tidegate.delivery.sse.StreamRequest.What;
import io.tidegate.edge.netty.Internals;
import io.tidegate.event.Cursor;
import io.tidegate.event.loop.EventLoop;
import io.tidegate.journal.Journal;
import io.tidegate.journal.Page;
import io.tidegate.journal.ResumeStatus;
import io.tidegate.problem.Problem;
import io.vertx.core.Future;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;

/** All open streams of one event loop, and what they share. Owned by that event loop. */
public final class Streams {

    static final Duration EXPIRY_NOTICE = Duration.ofSeconds(30);
    private static final int SWEEPS_PER_HEARTBEAT = 15;
    private static final int EVENTS_PER_READ = 256;
    /** How much one more stream adds to the time of a drain. */
    private static final long DRAIN_PACE_MILLIS = 10;

    private final EventLoop loop;
    private final Hub hub;
    private final Journal journal;
    private final Clock clock;
    private final StreamMetrics metrics;
    private final Internals internals;
    private final Map<What, StreamGroup> groups = new HashMap<>();
    private final Set<Stream> open = new LinkedHashSet<>();
    private final Expiries expiries;
    private StreamOptions options;
    private int sweep;
    private long sweeps;
    private boolean draining;
    private long drainEnds;

    /** Makes the streams of a loop. */
    public Streams(
            EventLoop loop,
            Hub hub,
            Journal journal,
            Clock clock,
            StreamOptions options,
            StreamMetrics metrics,
            Internals internals) {
        this.loop = loop;
        this.hub = hub;
        this.journal = journal;
        this.clock = clock;
        this.options = options;
        this.metrics = metrics;
        this.internals = internals;
        expiries = new Expiries(loop.vertx(), clock, open);
        sweeps = startSweeps();
        hub.beforeDelivery(this::endExpired);
    }

    /** Goes on with these options; open streams too. */
    public void reconfigure(StreamOptions given) {
        loop.vertx().cancelTimer(sweeps);
        options = given;
        sweeps = startSweeps();
    }

    private long startSweeps() {
        long everyMillis = Math.max(1, options.heartbeat().toMillis() / SWEEPS_PER_HEARTBEAT);
        return loop.vertx().setPeriodic(everyMillis, ignored -> sweep());
    }

    /** Turns a response, whose head is set and not written yet, into a stream. */
    void open(HttpServerRequest client, StreamRequest request, Admission.Owner owner) {
        StreamGroup group =
                groups.computeIfAbsent(request.what(), what -> new StreamGroup(what, hub, journal, metrics));
        Cursor position = group.position();
        Cursor from = request.from().orElse(position);
        ResumeStatus standing = journal.resumeStatus(from, request.what().selection());
        // What has an end is told whole: there would be nothing to wait for at its end.
        Cursor otherwise = request.what().last().isPresent() ? journal.oldest(group.selection()) : position;
        Cursor start = standing == ResumeStatus.CONTINUED ? from : otherwise;

        FrameWriter writer = new FrameWriter().opening(jitteredRetry());
        if (request.resumed()) {
            metrics.resumed(group.kind(), standing);
            resume(writer, standing, start, group);
        } else {
            writer.position(start);
        }
        HttpServerResponse response = client.response();
        try (Frames opening = writer.frames()) {
            response.write(opening.plain());
        }
        // Read by now, and as long as the stream otherwise.
        client.headers().clear();
        Outlet outlet = outlet(client);
        int beat = ThreadLocalRandom.current().nextInt(SWEEPS_PER_HEARTBEAT);
        Stream stream = new Stream(this, group, outlet, request, owner, start, beat);
        open.add(stream);
        metrics.opened(group.kind());
        group.joinBehind(stream);
        expiries.watch(stream);
        response.closeHandler(ignored -> stream.close(CloseReason.CLIENT));
        response.exceptionHandler(ignored -> stream.close(CloseReason.CLIENT));
        if (response.closed()) {
            stream.close(CloseReason.CLIENT); // It went before anybody listened.
        }
        stream.open();
    }

    private Outlet outlet(HttpServerRequest client) {
        HttpServerResponse response = client.response();
        return internals
                .chunkEncoder(client)
                .<Outlet>map(encoder -> new ChannelOutlet(response, encoder))
                .orElseGet(() -> new ResponseOutlet(response));
    }

    /**
     * Ends every stream with {@code gateway.goodbye}, spread over a time so that their clients do not come back all at
     * once; further streams are refused in-band. Fewer streams take less time.
     *
     * @return completes on this loop when the last stream has ended
     */
    public Future<Void> drain() {
        draining = true;
        long spread = Math.min(options.drainWindow().toMillis(), open.size() * DRAIN_PACE_MILLIS);
        drainEnds = clock.millis() + spread;
        List<Future<Void>> ending = List.copyOf(open).stream()
                .map(stream -> loop.vertx()
                        .timer(1 + ThreadLocalRandom.current().nextLong(spread + 1))
                        .<Void>map(ignored -> {
                            stream.close(CloseReason.DRAIN);
                            return null;
                        }))
                .toList();
        return Future.join(ending).mapEmpty();
    }

    /** Ends the streams whose tokens end. */
    private void endExpired() {
        expiries.endDue();
    }

    /**
     * What is open on this loop, the oldest first.
     *
     * @param subject whose streams alone, if any
     * @param after the {@link Admission.Owner#number} of the last one already known
     * @param limit how many at most
     */
    public List<OpenStream> list(Optional<String> subject, long after, int limit) {
        return of(subject)
                .filter(stream -> stream.owner().number() > after)
                .limit(limit)
                .map(Stream::seen)
                .toList();
    }

    /**
     * Ends the streams of a subject on this loop.
     *
     * @return how many there were
     */
    public int end(String subject) {
        List<Stream> ending = of(Optional.of(subject)).toList();
        ending.forEach(stream -> stream.close(CloseReason.ENDED));
        return ending.size();
    }

    private java.util.stream.Stream<Stream> of(Optional<String> subject) {
        return open.stream()
                .filter(stream ->
                        subject.isEmpty() || subject.get().equals(stream.owner().subject()));
    }

    boolean draining() {
        return draining;
    }

    /** Reads what a group's stream lacks; completes on this loop, in a turn of its own. */
    Future<Page> read(Cursor after, Cursor through, StreamGroup group) {
        Future<Page> page = group.what().latest()
                ? NewestOfEach.read(journal, after, through, group.selection())
                : journal.read(after, through.offset(), group.selection(), EVENTS_PER_READ);
        return loop.bring(page).map(found -> {
            endExpired();
            return found;
        });
    }

    EventLoop loop() {
        return loop;
    }

    void forget(Stream stream, StreamGroup group, CloseReason reason) {
        open.remove(stream);
        stream.owner().release();
        if (group.isEmpty()) {
            group.dissolve();
            groups.remove(group.what());
        }
        metrics.closed(group.kind(), reason);
    }

    Frames heartbeat(Cursor position) {
        FrameWriter frame = new FrameWriter();
        return switch (options.heartbeatForm()) {
            case ID -> frame.position(position).frames();
            case EVENT ->
                frame.position(position).control("heartbeat", new JsonObject()).frames();
        };
    }

    /**
     * Says why there is no stream, and when to ask again.
     *
     * @param poll where the same can be had as JSON
     * @param position where the reader stands: without it the block would take its last event id away
     */
    Frames busy(Problem problem, String poll, Optional<Cursor> position) {
        // Whoever was sent here while this node drains finds no other one: nothing changes before the drain is over.
        long untilGone = draining ? Math.max(0, drainEnds - clock.millis()) : 0;
        long retry = untilGone + jittered(Math.max(options.retry().toMillis(), problem.retryAfterSeconds() * 1000L));
        JsonObject data = new JsonObject()
                .put("reason", problem.code().text())
                .put("retryAfterMs", retry)
                .put("poll", poll);
        FrameWriter writer = new FrameWriter().opening(retry);
        return position.map(cursor -> writer.control("gateway.busy", cursor, data))
                .orElseGet(() -> writer.control("gateway.busy", data))
                .frames();
    }

    Frames goodbye(CloseReason reason) {
        return new FrameWriter()
                .retry(jitteredRetry())
                .control("gateway.goodbye", new JsonObject().put("reason", reason.text()))
                .frames();
    }

    Frames resumeFrame(ResumeStatus standing, Cursor position, StreamGroup group) {
        return resume(new FrameWriter(), standing, position, group).frames();
    }

    private FrameWriter resume(FrameWriter writer, ResumeStatus standing, Cursor position, StreamGroup group) {
        JsonObject data = new JsonObject().put("status", standing.text());
        if (standing != ResumeStatus.CONTINUED) {
            data.put("oldest", journal.oldest(group.selection()).toString());
            if (!group.snapshotPath().isEmpty()) {
                data.put("snapshot", group.snapshotPath());
            }
        }
        return writer.control("gateway.resume", position, data);
    }

    /** The configured time and up to half as much again, so that clients that left together do not return together. */
    private long jitteredRetry() {
        return jittered(options.retry().toMillis());
    }

    private static long jittered(long base) {
        return base + ThreadLocalRandom.current().nextLong(base / 2 + 1);
    }

    Instant now() {
        return clock.instant();
    }

    StreamOptions options() {
        return options;
    }

    StreamMetrics metrics() {
        return metrics;
    }

    private void sweep() {
        sweep = (sweep + 1) % SWEEPS_PER_HEARTBEAT;
        Instant now = now();
        endExpired();
        List.copyOf(open).forEach(stream -> stream.sweep(sweep, now));
    }
}
