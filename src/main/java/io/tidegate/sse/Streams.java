package io.tidegate.sse;

import io.tidegate.event.Cursor;
import io.tidegate.event.Selection;
import io.tidegate.hub.Hub;
import io.tidegate.journal.Journal;
import io.tidegate.journal.Page;
import io.tidegate.journal.Standing;
import io.tidegate.sse.StreamRequest.What;
import io.vertx.core.Context;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;

/** All open streams of one event loop, and what they share. Owned by that event loop. */
public final class Streams {

    static final Duration EXPIRY_NOTICE = Duration.ofSeconds(30);
    private static final int SWEEPS_PER_HEARTBEAT = 15;

    private final Context context;
    private final Hub hub;
    private final Journal journal;
    private final Clock clock;
    private StreamOptions options;
    private final StreamListener listener;
    private final Map<What, StreamGroup> groups = new HashMap<>();
    private final Set<Stream> open = new LinkedHashSet<>();
    private int sweep;
    private long sweeps;
    private boolean draining;

    public Streams(
            Context context, Hub hub, Journal journal, Clock clock, StreamOptions options, StreamListener listener) {
        this.context = context;
        this.hub = hub;
        this.journal = journal;
        this.clock = clock;
        this.options = options;
        this.listener = listener;
        sweeps = startSweeps();
    }

    /** Goes on with these options; open streams too. */
    public void use(StreamOptions given) {
        context.owner().cancelTimer(sweeps);
        options = given;
        sweeps = startSweeps();
    }

    private long startSweeps() {
        long everyMillis = Math.max(1, options.heartbeat().toMillis() / SWEEPS_PER_HEARTBEAT);
        return context.owner().setPeriodic(everyMillis, ignored -> sweep());
    }

    /** Turns a response, to which nothing was written yet, into a stream. */
    void open(HttpServerResponse response, StreamRequest request) {
        StreamGroup group =
                groups.computeIfAbsent(request.what(), what -> new StreamGroup(what, hub, journal, listener));
        Cursor position = group.position();
        Cursor from = request.from().orElse(position);
        Standing standing = journal.standing(from, request.what().selection());
        Cursor start = standing == Standing.CONTINUED ? from : position;

        Outlet outlet = new Outlet(response);
        outlet.write(new FrameWriter().opening(jitteredRetry(), start).buffer());
        if (request.resumed()) {
            listener.resumed(group.kind(), standing);
            outlet.write(resumeFrame(standing, start, group));
        }
        int beat = ThreadLocalRandom.current().nextInt(SWEEPS_PER_HEARTBEAT);
        Stream stream = new Stream(this, group, outlet, request, start, beat);
        open.add(stream);
        listener.opened(group.kind());
        group.joinBehind(stream);
        response.closeHandler(ignored -> stream.close(CloseReason.CLIENT));
        response.exceptionHandler(ignored -> stream.close(CloseReason.CLIENT));
        stream.catchUp();
    }

    /** Ends every stream with {@code gateway.goodbye}; further ones are refused in-band. */
    public void drain() {
        draining = true;
        List.copyOf(open).forEach(stream -> stream.close(CloseReason.DRAIN));
    }

    boolean draining() {
        return draining;
    }

    /** Reads the journal and comes back to this loop. */
    void read(
            Cursor after,
            Cursor through,
            Selection selection,
            int limit,
            Consumer<Page> then,
            Consumer<Throwable> otherwise) {
        journal.read(after, through.offset(), selection, limit)
                .onComplete(
                        page -> context.runOnContext(ignored -> then.accept(page)),
                        failure -> context.runOnContext(ignored -> otherwise.accept(failure)));
    }

    void nextTurn(Runnable task) {
        context.runOnContext(ignored -> task.run());
    }

    void forget(Stream stream, StreamGroup group, CloseReason reason) {
        open.remove(stream);
        if (group.isEmpty()) {
            group.dissolve();
            groups.remove(group.what());
        }
        listener.closed(group.kind(), reason);
    }

    Buffer heartbeat(Cursor position) {
        FrameWriter frame = new FrameWriter();
        return switch (options.heartbeatForm()) {
            case ID -> frame.position(position).buffer();
            case EVENT ->
                frame.position(position).control("heartbeat", new JsonObject()).buffer();
        };
    }

    Buffer goodbye() {
        return new FrameWriter()
                .retry(jitteredRetry())
                .control("gateway.goodbye", new JsonObject().put("reason", "drain"))
                .buffer();
    }

    Buffer resumeFrame(Standing standing, Cursor position, StreamGroup group) {
        JsonObject data = new JsonObject().put("status", standing.text());
        if (standing != Standing.CONTINUED) {
            data.put("oldest", journal.oldest(group.selection()).toString());
            if (!group.snapshotPath().isEmpty()) {
                data.put("snapshot", group.snapshotPath());
            }
        }
        return new FrameWriter()
                .position(position)
                .control("gateway.resume", data)
                .buffer();
    }

    /** The configured time and up to half as much again, so that clients that left together do not return together. */
    long jitteredRetry() {
        long base = options.retry().toMillis();
        return base + ThreadLocalRandom.current().nextLong(base / 2 + 1);
    }

    Instant now() {
        return clock.instant();
    }

    StreamOptions options() {
        return options;
    }

    StreamListener listener() {
        return listener;
    }

    private void sweep() {
        sweep = (sweep + 1) % SWEEPS_PER_HEARTBEAT;
        Instant now = now();
        List.copyOf(open).forEach(stream -> stream.sweep(sweep, now));
    }
}
