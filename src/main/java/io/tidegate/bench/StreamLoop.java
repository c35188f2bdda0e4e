package io.tidegate.bench;

import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.EventLoop;
import io.tidegate.bench.wire.Dialer;
import io.tidegate.bench.workload.BenchOptions;
import io.tidegate.bench.workload.Load;
import io.tidegate.bench.workload.Target;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** The streams of one event loop, what they share, and what they have counted. Owned by that loop. */
@SuppressWarnings("FutureReturnValueIgnored") // scheduled for as long as the loop runs
final class StreamLoop {

    /** After so many refusals no more streams are tried. */
    private static final int ENOUGH = 10;

    /**
     * How the opening went.
     *
     * @param opened how many are open
     * @param refusals why others are not, and how often
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
    private int begun;
    private int refused;
    private boolean over;

    /**
     * Takes its share of the streams.
     *
     * @param index which of the loops this is
     * @param run what the marks of this run carry
     * @param epoch from which moment, in the terms of {@link System#nanoTime}, the marks count
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

    /** Opens all streams, some at a time. Called from any thread. */
    CompletableFuture<Opening> open() {
        loop.execute(() -> {
            for (int i = 0; i < Math.max(1, options.ramp() / options.loops()); i++) {
                openNext();
            }
        });
        return opening;
    }

    /** How many are open so far. Called from any thread. */
    int opened() {
        return opened.get();
    }

    private void openNext() {
        if (begun < streams.size() && refused < ENOUGH) {
            streams.get(begun++).open(this::answered);
        } else if (opened.get() + refused == begun) {
            opening.complete(new Opening(opened.get(), Map.copyOf(refusals)));
        }
    }

    private void answered(Optional<String> failure) {
        if (failure.isPresent()) {
            refused++;
            refusals.merge(failure.get(), 1, Integer::sum);
        } else {
            opened.incrementAndGet();
        }
        // Not from within: a server that refuses at once would make this as deep as there are streams.
        loop.execute(this::openNext);
    }

    /** Ends all streams; nothing is counted after. */
    void close() {
        over = true;
        streams.forEach(BenchStream::close);
    }

    /** How many deliveries of acknowledged events never came. */
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

    boolean over() {
        return over;
    }

    ChannelFuture dial(int stream, ChannelHandler handler) {
        return dialer.dial(loop, dialer.source(stream, load().streams()), handler);
    }

    void later(Runnable action, int millis) {
        loop.schedule(
                () -> {
                    if (!over) {
                        action.run();
                    }
                },
                millis,
                TimeUnit.MILLISECONDS);
    }
}
