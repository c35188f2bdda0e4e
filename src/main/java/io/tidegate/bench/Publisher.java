package io.tidegate.bench;

import io.netty.channel.EventLoop;
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

/**
 * Publishes the events of a run over connections with at most one unacknowledged event each. Owned by one event loop.
 */
@SuppressWarnings("FutureReturnValueIgnored") // outcomes are recorded in counters, so the futures are not needed
final class Publisher implements PublishConnection.Owner {

    private static final int MAX_CONSECUTIVE_FAILURES = 10;
    private static final int RECONNECT_MILLIS = 500;

    private final EventLoop loop;
    private final BenchOptions options;
    private final int run;
    private final long epoch;
    private final List<Sequence> series;
    private final List<PublishConnection> connections = new ArrayList<>();
    private final Set<PublishConnection> idle = new LinkedHashSet<>();
    private final @Nullable Publication[] publications;
    private final CompletableFuture<Void> opened = new CompletableFuture<>();

    private volatile Phase phase = new Phase(0, 0);
    private long failed;
    private int consecutiveFailures;
    private String failure = "";
    private boolean scheduled;
    private boolean closed;

    /**
     * Creates the publisher; {@link #open} opens its connections.
     *
     * @param run the number that identifies this run in {@link EventStamp}s
     * @param epoch the {@link System#nanoTime} to which the times in the stamps are relative
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
            connections.add(new PublishConnection(loop, dialer, this));
        }
        series.forEach(one -> connections.get(one.number() % connections.size()).add(one));
    }

    /** A part of a run: the warm-up or the measurement. */
    static final class Phase {

        final long began;
        final Histogram acknowledgements = Counts.histogram();
        private final AtomicInteger responses = new AtomicInteger();
        private final int quota;
        private final CompletableFuture<Void> done = new CompletableFuture<>();

        /** The number of events sent late because the generator itself was too slow. */
        long late;

        /** The number of events sent late because every connection was waiting for a response. */
        long heldBack;

        long ended;
        private int sent;
        private boolean starved;

        private Phase(int quota, long began) {
            this.quota = quota;
            this.began = began;
        }

        int events() {
            return responses.get();
        }
    }

    /** Opens all connections. May be called from any thread. */
    CompletableFuture<Void> open() {
        loop.execute(() -> connections.forEach(PublishConnection::connect));
        return opened;
    }

    /**
     * Publishes this number of events. The future completes when all of them have received a response, and fails with a
     * {@link BenchException} if the target accepts no events. An earlier call must have completed. May be called from
     * any thread.
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

    /**
     * Returns the number of events in the current phase that have received a response. May be called from any thread.
     */
    int responses() {
        return phase.responses.get();
    }

    List<Sequence> series() {
        return series;
    }

    long failed() {
        return failed;
    }

    /** Returns the reason for the first failure, or an empty string if no event has failed. */
    String failure() {
        return failure;
    }

    void close() {
        closed = true;
        connections.forEach(PublishConnection::close);
    }

    @Override
    public void idle(PublishConnection connection) {
        idle.add(connection);
        if (idle.size() == connections.size()) {
            opened.complete(null);
        }
        pump();
    }

    @Override
    public void unreachable(PublishConnection connection, String reason) {
        opened.completeExceptionally(new BenchException("cannot publish: " + reason));
        if (!closed) {
            loop.schedule(connection::connect, RECONNECT_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    @Override
    public void completed(PublishConnection connection, Optional<String> refusal) {
        phase.responses.incrementAndGet();
        phase.ended = System.nanoTime();
        Counts.record(phase.acknowledgements, phase.ended - connection.sentAt());
        if (refusal.isPresent()) {
            failed++;
            failure = failure.isEmpty() ? refusal.get() : failure;
            connection.currentSeries().failed(connection.currentSeries().published());
            consecutiveFailures++;
        } else {
            consecutiveFailures = 0;
        }
        if (consecutiveFailures >= MAX_CONSECUTIVE_FAILURES) {
            phase.done.completeExceptionally(new BenchException("the target accepts no events: " + failure));
        }
        endIfDone();
    }

    private void endIfDone() {
        if (phase.responses.get() == phase.quota) {
            phase.done.complete(null);
        }
    }

    /** Sends the events that are due, as long as there are idle connections. */
    private void pump() {
        while (phase.sent < phase.quota && !phase.done.isDone()) {
            long now = System.nanoTime();
            long due = due(now);
            if (due > now) {
                phase.starved = false;
                schedulePump(due - now);
                return;
            }
            PublishConnection connection = nextIdle();
            if (connection == null) {
                phase.starved = true;
                return;
            }
            send(connection, due, now);
        }
    }

    /**
     * Schedules the next call of {@link #pump} unless one is already scheduled, because each connection that becomes
     * idle in the meantime also calls this method.
     */
    private void schedulePump(long nanos) {
        if (!scheduled) {
            scheduled = true;
            loop.schedule(
                    () -> {
                        scheduled = false;
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
            PublishConnection connection = each.next();
            each.remove();
            if (connection.ready()) {
                return connection;
            }
        }
        return null;
    }

    private void send(PublishConnection connection, long due, long now) {
        if (now - due > GeneratorSaturation.LATE_NANOS) {
            phase.heldBack += phase.starved ? 1 : 0;
            phase.late += phase.starved ? 0 : 1;
        }
        phase.sent++;
        Sequence one = connection.nextSeries();
        int topic = one.topic();
        Publication publication = publications[topic];
        if (publication == null) {
            publication = new Publication(options.target(), load(), load().topicOf(topic));
            publications[topic] = publication;
        }
        connection.send(publication.request(run, one.number(), one.next(), due - epoch));
    }

    private Load load() {
        return options.load();
    }
}
