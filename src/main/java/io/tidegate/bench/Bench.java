package io.tidegate.bench;

import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.tidegate.bench.BenchResult.Cost;
import io.tidegate.bench.BenchResult.Delivered;
import io.tidegate.bench.BenchResult.Opened;
import io.tidegate.bench.BenchResult.Published;
import io.tidegate.bench.StreamLoop.Opening;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Runs one measurement: opens streams, publishes events, waits for the deliveries and counts them. Used by a single
 * thread, which it blocks.
 */
public final class Bench implements AutoCloseable {

    private static final long POLL_MILLIS = 5;

    private final BenchOptions options;
    private final Consumer<String> progress;
    private final Processes processes;
    private final Dialer dialer;
    private final EventLoopGroup group;
    private final List<StreamLoop> loops = new ArrayList<>();
    private final List<LoopGauge> gauges = new ArrayList<>();
    private final Publisher publisher;
    /** A latch that is never counted down. It is used only to wait for a limited time. */
    private final CountDownLatch never = new CountDownLatch(1);

    private Bench(BenchOptions options, Consumer<String> progress) throws BenchException {
        Target target = options.target();
        Load load = options.load();
        this.options = options;
        this.progress = progress;
        this.processes = new Processes(options.pids());
        this.dialer = new Dialer(target.url(), target.insecure());
        Dialer publishing = new Dialer(target.publish(load.topicOf(0)), target.insecure());
        this.group = Dialer.loops(options.loops() + 1, "tidegate-bench");
        int run = ThreadLocalRandom.current().nextInt(EventStamp.MAX_RUN + 1);
        long epoch = System.nanoTime();
        for (int i = 0; i < options.loops(); i++) {
            loops.add(new StreamLoop(group.next(), i, options, dialer, run, epoch));
        }
        this.publisher = new Publisher(group.next(), options, publishing, run, epoch);
        group.forEach(loop -> gauges.add(new LoopGauge((EventLoop) loop)));
    }

    /**
     * Runs a measurement to completion.
     *
     * @param progress receives a line of text for each step, on the calling thread
     * @throws BenchException if no measurement was possible
     */
    public static BenchResult run(BenchOptions options, Consumer<String> progress)
            throws BenchException, InterruptedException {
        try (Bench bench = new Bench(options, progress)) {
            return bench.run();
        }
    }

    private BenchResult run() throws BenchException, InterruptedException {
        await(publisher.open(), () -> 0, "no further connection for publishing was opened");
        Processes.Use before = processes.use();
        Opened opened = openStreams();
        Processes.Use open = processes.use();

        progress.accept("publishing");
        publish(options.load().warmUp());

        long deliveredBefore = delivered();
        long expectedBefore = expected();
        for (LoopGauge gauge : gauges) {
            call(gauge.loop(), Executors.callable((Runnable) gauge::begin));
        }
        for (StreamLoop loop : loops) {
            call(loop.loop(), Executors.callable((Runnable) loop.counts()::begin));
        }
        Processes.Use began = processes.use();
        Publisher.Phase phase = publish(options.load().events());
        Processes.Use ended = processes.use();

        GeneratorSaturation saturation = saturation(phase);
        Counts counts = total();
        long deliveries = counts.delivered() - deliveredBefore;
        Delivered delivered = new Delivered(
                deliveries,
                expected() - expectedBefore,
                lost(),
                counts.duplicates,
                counts.late,
                counts.strays,
                counts.reconnects,
                seconds(counts.lastDelivery - phase.began),
                counts.bytes,
                counts.latency);
        Published published = new Published(
                phase.events(),
                seconds(phase.ended - phase.began),
                publisher.failed(),
                publisher.failure(),
                phase.heldBack,
                phase.acknowledgements);
        int streams = options.load().streams();
        Optional<Cost> cost = options.pids().isEmpty()
                ? Optional.empty()
                : Optional.of(new Cost(
                        micros(before, open) / streams,
                        deliveries == 0 ? 0 : micros(began, ended) / deliveries,
                        (double) (open.resident() - before.resident()) / streams,
                        open.resident()));
        return new BenchResult(options, opened, published, delivered, cost, saturation, dialer.loopback());
    }

    private Opened openStreams() throws BenchException, InterruptedException {
        int streams = options.load().streams();
        progress.accept(String.format(Locale.ROOT, "opening %,d streams", streams));
        long began = System.nanoTime();
        int opened = 0;
        Map<String, Integer> refusals = new TreeMap<>();
        List<CompletableFuture<Opening>> openings =
                loops.stream().map(StreamLoop::open).toList();
        for (CompletableFuture<Opening> opening : openings) {
            Opening known = await(
                    opening,
                    () -> loops.stream().mapToInt(StreamLoop::opened).sum(),
                    "no further stream was opened; an intermediary may be buffering responses until they are complete");
            opened += known.opened();
            known.refusals().forEach((reason, number) -> refusals.merge(reason, number, Integer::sum));
        }
        if (opened < streams) {
            throw new BenchException(String.format(
                    Locale.ROOT,
                    "only %,d of %,d streams were opened; the others failed with: %s",
                    opened,
                    streams,
                    String.join("; ", refusals.keySet())));
        }
        return new Opened(seconds(System.nanoTime() - began), total().opening);
    }

    /**
     * Publishes events, and waits until all streams have received the acknowledged events or no more deliveries arrive.
     */
    private Publisher.Phase publish(int events) throws BenchException, InterruptedException {
        Publisher.Phase phase =
                await(publisher.publish(events), publisher::responses, "no further publish got a response");
        long expected = expected();
        stalls(this::delivered, () -> delivered() >= expected);
        return phase;
    }

    private <T> T await(CompletableFuture<T> future, LongSupplier progress, String stalled)
            throws BenchException, InterruptedException {
        if (stalls(progress, future::isDone)) {
            throw new BenchException(stalled + " (waited " + options.patience().toSeconds() + " s)");
        }
        try {
            return future.get();
        } catch (ExecutionException failed) {
            if (failed.getCause() instanceof BenchException known) {
                throw new BenchException(String.valueOf(known.getMessage()));
            }
            throw new IllegalStateException(failed.getCause());
        }
    }

    /** Waits for the condition. Returns true if there was no progress until the timeout. */
    private boolean stalls(LongSupplier progress, BooleanSupplier done) throws InterruptedException {
        long last = progress.getAsLong();
        long since = System.nanoTime();
        while (!done.getAsBoolean()) {
            never.await(POLL_MILLIS, TimeUnit.MILLISECONDS);
            long now = progress.getAsLong();
            if (now != last) {
                last = now;
                since = System.nanoTime();
            } else if (System.nanoTime() - since > options.patience().toNanos()) {
                return true;
            }
        }
        return false;
    }

    private long delivered() {
        return loops.stream().mapToLong(loop -> loop.counts().delivered()).sum();
    }

    private long expected() {
        Load load = options.load();
        return publisher.series().stream()
                .mapToLong(series -> (long) series.acknowledged()
                        * (load.streams() / load.topics() + (series.topic() < load.streams() % load.topics() ? 1 : 0)))
                .sum();
    }

    private GeneratorSaturation saturation(Publisher.Phase phase) throws InterruptedException {
        double busiest = 0;
        double lag = 0;
        for (LoopGauge gauge : gauges) {
            LoopGauge.Reading reading = call(gauge.loop(), gauge::read);
            busiest = Math.max(busiest, reading.busy());
            lag = Math.max(lag, reading.lag().getValueAtPercentile(99) / 1000.0);
        }
        return new GeneratorSaturation(busiest, lag, phase.late, phase.events());
    }

    private Counts total() throws InterruptedException {
        Counts total = new Counts();
        for (StreamLoop loop : loops) {
            call(loop.loop(), () -> {
                total.add(loop.counts());
                return total;
            });
        }
        return total;
    }

    private long lost() throws InterruptedException {
        long lost = 0;
        for (StreamLoop loop : loops) {
            lost += call(loop.loop(), () -> loop.lost(publisher.series()));
        }
        return lost;
    }

    @Override
    public void close() throws InterruptedException {
        call(publisher.loop(), Executors.callable((Runnable) publisher::close));
        for (StreamLoop loop : loops) {
            call(loop.loop(), Executors.callable((Runnable) loop::close));
        }
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS).await();
    }

    private static <T> T call(EventLoop loop, Callable<T> task) throws InterruptedException {
        try {
            return loop.submit(task).get();
        } catch (ExecutionException defect) {
            throw new IllegalStateException(defect.getCause());
        }
    }

    private static double seconds(long nanos) {
        return Math.max(0, nanos) / 1e9;
    }

    private static double micros(Processes.Use from, Processes.Use to) {
        return to.cpu().minus(from.cpu()).toNanos() / 1000.0;
    }
}
