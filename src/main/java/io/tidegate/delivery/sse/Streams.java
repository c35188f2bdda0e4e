package io.tidegate.delivery.sse;

import io.tidegate.delivery.hub.Hub;
import io.tidegate.delivery.sse.StreamRequest.What;
import io.tidegate.edge.netty.Internals;
import io.tidegate.edge.overload.OutgoingMemory;
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

/** All open streams of one event loop and the state that they share. Owned by that event loop. */
public final class Streams {

    static final Duration EXPIRY_NOTICE = Duration.ofSeconds(30);
    private static final int TICKS_PER_HEARTBEAT = 15;
    private static final int EVENTS_PER_READ = 256;
    /** The number of milliseconds by which each open stream lengthens a drain. */
    private static final long DRAIN_PACE_MILLIS = 10;

    private final EventLoop loop;
    private final Hub hub;
    private final Journal journal;
    private final Clock clock;
    private final StreamMetrics metrics;
    private final Internals internals;
    private final StreamMemory memory;

    private final Map<What, StreamGroup> groups = new HashMap<>();
    private final Set<Stream> open = new LinkedHashSet<>();
    private final Expiries expiries;
    private StreamOptions options;
    private int tick;
    private long timer;
    private boolean draining;
    private long drainEnds;

    /** Creates the container for the streams of an event loop, without any streams. */
    public Streams(
            EventLoop loop,
            Hub hub,
            Journal journal,
            Clock clock,
            StreamOptions options,
            StreamMetrics metrics,
            Internals internals,
            OutgoingMemory memory) {
        this.loop = loop;
        this.hub = hub;
        this.journal = journal;
        this.clock = clock;
        this.options = options;
        this.metrics = metrics;
        this.internals = internals;
        this.memory = new StreamMemory(loop.vertx(), memory);
        expiries = new Expiries(loop.vertx(), clock, open);
        timer = startTicks();
        hub.beforeDelivery(expiries::endDue);
    }

    /** Applies new options, also to open streams. */
    public void reconfigure(StreamOptions newOptions) {
        loop.vertx().cancelTimer(timer);
        options = newOptions;
        timer = startTicks();
    }

    private long startTicks() {
        long everyMillis = Math.max(1, options.heartbeat().toMillis() / TICKS_PER_HEARTBEAT);
        return loop.vertx().setPeriodic(everyMillis, ignored -> tick());
    }

    /** Starts a stream on a response whose headers are set but not yet written. */
    void open(HttpServerRequest client, StreamRequest request, Admission.Owner owner) {
        StreamGroup group = groups.computeIfAbsent(
                request.what(), what -> new StreamGroup(what, hub, journal, metrics, memory.outgoing()));
        Cursor position = group.position();
        Cursor from = request.from().orElse(position);
        ResumeStatus status = journal.resumeStatus(from, request.what().selection());
        // A stream that has an end starts from its oldest event, because its end may already be in the past.
        Cursor fallback = request.what().last().isPresent() ? journal.oldest(group.selection()) : position;
        Cursor start = status == ResumeStatus.CONTINUED ? from : fallback;

        FrameWriter writer = new FrameWriter().opening(options.jitteredRetryMillis());
        if (request.resumed()) {
            metrics.resumed(group.kind(), status);
            resume(writer, status, start, group);
        } else {
            writer.position(start);
        }
        internals.beginEventStream(client, options.sendBuffer(), options.maxLag());
        HttpServerResponse response = client.response();
        try (Frames opening = writer.frames()) {
            response.write(opening.plain());
        }
        // The request headers are no longer needed and would otherwise be retained for as long as the stream.
        client.headers().clear();
        Outlet outlet = outlet(client);
        int heartbeatTick = ThreadLocalRandom.current().nextInt(TICKS_PER_HEARTBEAT);
        Stream stream = new Stream(this, group, outlet, request, owner, start, heartbeatTick);
        open.add(stream);
        metrics.opened(group.kind());
        group.joinBehind(stream);
        expiries.watch(stream);
        response.closeHandler(ignored -> stream.close(CloseReason.CLIENT));
        response.exceptionHandler(ignored -> stream.close(CloseReason.CLIENT));
        if (response.closed()) {
            stream.close(CloseReason.CLIENT); // The client had disconnected before the handlers were set.
        }
        stream.open();
    }

    private Outlet outlet(HttpServerRequest client) {
        return internals
                .chunkEncoder(client)
                .<Outlet>map(encoder -> new ChannelOutlet(client.response(), encoder))
                .orElseGet(() -> new ResponseOutlet(client));
    }

    /**
     * Ends all streams with {@code gateway.goodbye}, and refuses new streams with an event. The ends are spread over a
     * period so that clients do not all reconnect at the same time. The period is shorter if there are few streams.
     *
     * @param window the maximum duration of the period
     * @return a future that completes on this loop when the last stream has ended
     */
    public Future<Void> drain(Duration window) {
        draining = true;
        long spread = Math.min(window.toMillis(), open.size() * DRAIN_PACE_MILLIS);
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

    /**
     * Returns the streams that are open on this loop, in the order in which they were opened.
     *
     * @param subject the subject whose streams are returned; if empty, the streams of all subjects are returned
     * @param after the {@link Admission.Owner#number} of the last stream that the caller already knows
     * @param limit the maximum number of streams
     */
    public List<OpenStream> list(Optional<String> subject, long after, int limit) {
        return ownedBy(subject)
                .filter(stream -> stream.owner().number() > after)
                .limit(limit)
                .map(Stream::describe)
                .toList();
    }

    /**
     * Ends the streams of a subject on this loop.
     *
     * @return the number of streams that were ended
     */
    public int end(String subject) {
        List<Stream> ending = ownedBy(Optional.of(subject)).toList();
        ending.forEach(stream -> stream.close(CloseReason.ENDED));
        return ending.size();
    }

    private java.util.stream.Stream<Stream> ownedBy(Optional<String> subject) {
        return open.stream()
                .filter(stream ->
                        subject.isEmpty() || subject.get().equals(stream.owner().subject()));
    }

    boolean draining() {
        return draining;
    }

    /** Reads the events for a stream that is behind. The future completes on this loop, in a separate turn. */
    Future<Page> read(Cursor after, Cursor through, StreamGroup group) {
        Future<Page> page = group.what().latest()
                ? NewestOfEach.read(journal, after, through, group.selection())
                : journal.read(after, through.offset(), group.selection(), EVENTS_PER_READ);
        return loop.bring(page).map(found -> {
            expiries.endDue();
            return found;
        });
    }

    EventLoop loop() {
        return loop;
    }

    StreamMemory memory() {
        return memory;
    }

    /** Logs the failure of a stream. */
    void report(Throwable cause) {
        hub.report(cause);
    }

    void remove(Stream stream, StreamGroup group, CloseReason reason) {
        open.remove(stream);
        stream.owner().release();
        if (group.isEmpty()) {
            group.close();
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
     * Returns the frames that tell a client why no stream can be opened and when to retry.
     *
     * @param poll the path at which the same data is available as JSON
     * @param position the reader's position; a block without it would erase the reader's last event ID
     */
    Frames busy(Problem problem, String poll, Optional<Cursor> position) {
        // If a client is routed to this node while it drains, there is no other node to serve the client, so it is
        // useless to retry before the drain ends.
        long untilGone = draining ? Math.max(0, drainEnds - clock.millis()) : 0;
        long retry = untilGone
                + StreamOptions.jittered(Math.max(options.retry().toMillis(), problem.retryAfterSeconds() * 1000L));
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
                .retry(options.jitteredRetryMillis())
                .control("gateway.goodbye", new JsonObject().put("reason", reason.text()))
                .frames();
    }

    Frames resumeFrame(ResumeStatus status, Cursor position, StreamGroup group) {
        return resume(new FrameWriter(), status, position, group).frames();
    }

    private FrameWriter resume(FrameWriter writer, ResumeStatus status, Cursor position, StreamGroup group) {
        JsonObject data = new JsonObject().put("status", status.text());
        if (status != ResumeStatus.CONTINUED) {
            data.put("oldest", journal.oldest(group.selection()).toString());
            if (!group.snapshotPath().isEmpty()) {
                data.put("snapshot", group.snapshotPath());
            }
        }
        return writer.control("gateway.resume", position, data);
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

    private void tick() {
        tick = (tick + 1) % TICKS_PER_HEARTBEAT;
        Instant now = now();
        expiries.endDue();
        List.copyOf(open).forEach(stream -> stream.tick(tick, now));
    }
}
