package io.tidegate.bench;

import io.netty.channel.EventLoop;
import io.tidegate.bench.report.GeneratorSaturation;
import io.tidegate.bench.wire.Dialer;
import io.tidegate.bench.wire.Publication;
import io.tidegate.bench.workload.BenchException;
import io.tidegate.bench.workload.BenchOptions;
import io.tidegate.bench.workload.Load;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/** Publishes what streams are to get, over lanes of one outstanding event each. Owned by one event loop. */
@SuppressWarnings("FutureReturnValueIgnored") // outcomes go to the counts, not to futures
final class Publisher implements PublishConnection.Owner {

    private static final int ENOUGH = 10;
    private static final int RECONNECT_MILLIS = 500;

    private final EventLoop loop;
    private final BenchOptions options;
    private final int run;
    private final long epoch;
    private final List<Sequence> series;
    private final List<PublishConnection> lanes = new ArrayList<>();
    private final Set<PublishConnection> idle = new LinkedHashSet<>();
    private final @Nullable Publication[] publications;
    private final CompletableFuture<Void> opened = new CompletableFuture<>();

    private volatile Phase phase = new Phase(0, 0);
    private long failed;
    private int failedInARow;
    private String failure = "";
    private boolean timed;
    private boolean over;

    /**
     * Opens nothing yet.
     *
     * @param run what the marks of this run carry
     * @param epoch from which moment, in the terms of {@link System#nanoTime}, the marks count
     */
    Publisher(EventLoop loop, BenchOptions options, Dialer dialer, int run, long epoch) {
        this.loop = loop;
        this.options = options;
        this.run = run;
        this.epoch = epoch;
        this.publications = new Publication[load().topics()];
        this.series = IntStream.range(0, Sequence.count(load()))
                .mapToObj(number -> new Sequence(number, load()))
                .toList();
        for (int i = 0; i < load().inFlight(); i++) {
            lanes.add(new PublishConnection(loop, dialer, this));
        }
        series.forEach(one -> lanes.get(one.number() % lanes.size()).carry(one));
    }

    /** A part of a run: warm-up, or what is measured. */
    static final class Phase {

        final long began;
        final Histogram acknowledgements = Counts.histogram();
        private final AtomicInteger answered = new AtomicInteger();
        private final int quota;
        private final CompletableFuture<Void> done = new CompletableFuture<>();

        /** Events that left late because this process was, and those that left late because every lane was waiting. */
        long late;

        long heldBack;
        long ended;
        private int sent;
        private boolean starved;

        private Phase(int quota, long began) {
            this.quota = quota;
            this.began = began;
        }

        int events() {
            return answered.get();
        }
    }

    /** Connects all lanes. Called from any thread. */
    CompletableFuture<Void> open() {
        loop.execute(() -> lanes.forEach(PublishConnection::connect));
        return opened;
    }

    /**
     * Publishes so many events and waits for their answers; an earlier call must have ended. Called from any thread.
     * Fails with a {@link BenchException} when the target takes none.
     */
    CompletableFuture<Phase> publish(int events) {
        CompletableFuture<Phase> result = new CompletableFuture<>();
        loop.execute(() -> {
            Phase next = new Phase(events, System.nanoTime());
            phase = next;
            next.done.whenComplete((done, broken) -> {
                if (broken == null) {
                    result.complete(next);
                } else {
                    result.completeExceptionally(broken);
                }
            });
            endIfDone();
            pump();
        });
        return result;
    }

    EventLoop loop() {
        return loop;
    }

    /** How many events of the phase have been answered. Called from any thread. */
    int answered() {
        return phase.answered.get();
    }

    List<Sequence> series() {
        return series;
    }

    long failed() {
        return failed;
    }

    /** Why the first that failed did; empty when none has. */
    String failure() {
        return failure;
    }

    void close() {
        over = true;
        lanes.forEach(PublishConnection::close);
    }

    @Override
    public void idle(PublishConnection lane) {
        idle.add(lane);
        if (idle.size() == lanes.size()) {
            opened.complete(null);
        }
        pump();
    }

    @Override
    public void unreachable(PublishConnection lane, String reason) {
        opened.completeExceptionally(new BenchException("nothing can be published: " + reason));
        if (!over) {
            loop.schedule(lane::connect, RECONNECT_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    @Override
    public void answered(PublishConnection lane, Optional<String> refusal) {
        phase.answered.incrementAndGet();
        phase.ended = System.nanoTime();
        Counts.record(phase.acknowledgements, phase.ended - lane.sentAt());
        if (refusal.isPresent()) {
            failed++;
            failure = failure.isEmpty() ? refusal.get() : failure;
            lane.currentSeries().failed(lane.currentSeries().published());
            failedInARow++;
        } else {
            failedInARow = 0;
        }
        if (failedInARow >= ENOUGH) {
            phase.done.completeExceptionally(new BenchException("the target takes no events: " + failure));
        }
        endIfDone();
    }

    private void endIfDone() {
        if (phase.answered.get() == phase.quota) {
            phase.done.complete(null);
        }
    }

    /** Sends what is due, as far as there are lanes for it. */
    private void pump() {
        while (phase.sent < phase.quota && !phase.done.isDone()) {
            long now = System.nanoTime();
            long due = due(now);
            if (due > now) {
                phase.starved = false;
                pumpIn(due - now);
                return;
            }
            PublishConnection lane = nextIdle();
            if (lane == null) {
                phase.starved = true;
                return;
            }
            send(lane, due, now);
        }
    }

    /** One at a time: every lane that becomes idle meanwhile comes here too. */
    private void pumpIn(long nanos) {
        if (!timed) {
            timed = true;
            loop.schedule(
                    () -> {
                        timed = false;
                        pump();
                    },
                    nanos,
                    TimeUnit.NANOSECONDS);
        }
    }

    private long due(long now) {
        return load().rate().isPresent()
                ? phase.began + (long) (phase.sent * 1e9 / load().rate().getAsDouble())
                : now;
    }

    private @Nullable PublishConnection nextIdle() {
        for (Iterator<PublishConnection> each = idle.iterator(); each.hasNext(); ) {
            PublishConnection lane = each.next();
            each.remove();
            if (lane.ready()) {
                return lane;
            }
        }
        return null;
    }

    private void send(PublishConnection lane, long due, long now) {
        if (now - due > GeneratorSaturation.LATE_NANOS) {
            phase.heldBack += phase.starved ? 1 : 0;
            phase.late += phase.starved ? 0 : 1;
        }
        phase.sent++;
        Sequence one = lane.nextSeries();
        int topic = one.topic();
        Publication publication = publications[topic];
        if (publication == null) {
            publication = new Publication(options.target(), load(), load().topicOf(topic));
            publications[topic] = publication;
        }
        lane.send(publication.request(run, one.number(), one.next(), due - epoch));
    }

    private Load load() {
        return options.load();
    }
}
