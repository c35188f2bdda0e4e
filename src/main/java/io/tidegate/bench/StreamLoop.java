package io.tidegate.bench;

import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** The streams on one event loop, with their shared settings and counters. Owned by that loop. */
@SuppressWarnings("FutureReturnValueIgnored") // scheduled tasks need not be cancelled; they end with the loop
final class StreamLoop {

    /** The number of refusals after which no more streams are opened. */
    private static final int MAX_REFUSALS = 10;

    /**
     * The result of opening the streams.
     *
     * @param opened the number of streams that were opened
     * @param refusals the reasons why streams could not be opened, each with its number of occurrences
     */
    record Opening(int opened, Map<String, Integer> refusals) {}

    private final EventLoop loop;
    private final BenchOptions options;
    private final Dialer dialer;
    private final int run;
    private final long epoch;
    private final Counts counts = new Counts();
    private final List<BenchStream> streams = new ArrayList<>();
    private final CompletableFuture<Opening> opening = new CompletableFuture<>();
    private final Map<String, Integer> refusals = new TreeMap<>();
    private final AtomicInteger opened = new AtomicInteger();
    private int started;
    private int refused;
    private boolean closed;

    /**
     * Creates a loop with its share of the streams.
     *
     * @param index the index of this loop
     * @param run the number that identifies this run in {@link EventStamp}s
     * @param epoch the {@link System#nanoTime} to which the times in the stamps are relative
     */
    StreamLoop(EventLoop loop, int index, BenchOptions options, Dialer dialer, int run, long epoch) {
        this.loop = loop;
        this.options = options;
        this.dialer = dialer;
        this.run = run;
        this.epoch = epoch;
        for (int number = index; number < load().streams(); number += options.loops()) {
            streams.add(new BenchStream(this, number, load()));
        }
    }

    /** Opens all streams, a limited number at a time. May be called from any thread. */
    CompletableFuture<Opening> open() {
        loop.execute(() -> {
            for (int i = 0; i < Math.max(1, options.ramp() / options.loops()); i++) {
                openNext();
            }
        });
        return opening;
    }

    /** Returns the number of streams opened so far. May be called from any thread. */
    int opened() {
        return opened.get();
    }

    private void openNext() {
        if (started < streams.size() && refused < MAX_REFUSALS) {
            streams.get(started++).open(this::onOpened);
        } else if (opened.get() + refused == started) {
            opening.complete(new Opening(opened.get(), Map.copyOf(refusals)));
        }
    }

    private void onOpened(Optional<String> failure) {
        if (failure.isPresent()) {
            refused++;
            refusals.merge(failure.get(), 1, Integer::sum);
        } else {
            opened.incrementAndGet();
        }
        // A direct call would recurse once per stream if the server refused streams immediately.
        loop.execute(this::openNext);
    }

    /** Closes all streams. Events that arrive later are not counted. */
    void close() {
        closed = true;
        streams.forEach(BenchStream::close);
    }

    /** Returns the number of deliveries of acknowledged events that never arrived. */
    long lost(List<Sequence> all) {
        return streams.stream().mapToLong(stream -> stream.lost(all)).sum();
    }

    EventLoop loop() {
        return loop;
    }

    Counts counts() {
        return counts;
    }

    Target target() {
        return options.target();
    }

    Load load() {
        return options.load();
    }

    int run() {
        return run;
    }

    long epoch() {
        return epoch;
    }

    boolean closed() {
        return closed;
    }

    ChannelFuture dial(int stream, ChannelHandler handler) {
        return dialer.dial(loop, dialer.source(stream, load().streams()), handler);
    }

    void later(Runnable action, int millis) {
        loop.schedule(
                () -> {
                    if (!closed) {
                        action.run();
                    }
                },
                millis,
                TimeUnit.MILLISECONDS);
    }
}
