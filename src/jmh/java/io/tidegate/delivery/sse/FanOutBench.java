package io.tidegate.delivery.sse;

import io.tidegate.edge.netty.Internals;
import io.tidegate.event.Draft;
import io.tidegate.event.EventType;
import io.tidegate.event.JsonText;
import io.tidegate.event.Topic;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * Measures the delivery of an event from the hub to the sockets of a thousand streams: hub, group, stream, outlet,
 * system call. One delivery counts as one operation. With {@code -prof gc}, JMH reports the bytes allocated per
 * delivery. The cost of the event itself (commit, encoding, the turn of the event loop) is shared by all thousand
 * deliveries. An event is published when all readers have received the previous one.
 */
@State(Scope.Benchmark)
public class FanOutBench {

    static final int STREAMS = 1000;

    private static final StreamOptions STANDARD = StreamOptions.DEFAULTS;
    /** Options without heartbeats, because readers would count them as deliveries. */
    private static final StreamOptions NO_HEARTBEATS = new StreamOptions(
            Duration.ofDays(1),
            STANDARD.heartbeatForm(),
            STANDARD.retry(),
            STANDARD.sendBuffer(),
            STANDARD.maxLag(),
            STANDARD.maxLagBytes(),
            STANDARD.drainWindow());

    /**
     * Whether streams write directly to the channel, bypassing the HTTP server's encoder, rather than through the
     * response.
     */
    @Param({"true", "false"})
    private boolean direct;

    private final Draft draft = new Draft(
            new Topic("bench/1"),
            new EventType("tick"),
            Optional.empty(),
            JsonText.parse("\"" + "x".repeat(98) + "\""));
    private final Readers readers = new Readers(STREAMS);

    private final Vertx vertx = Vertx.vertx(new VertxOptions().setPreferNativeTransport(true));

    @SuppressWarnings("NullAway.Init") // open() sets this field
    private Bed bed;

    @Setup
    public void open() throws Exception {
        bed = new Bed(
                NO_HEARTBEATS, Instant.now().plus(Duration.ofDays(1)), direct ? Internals.USED : Internals.UNUSED);
        bed.open(vertx).await(20, TimeUnit.SECONDS);
        readers.connect(bed.port(), "/events?topics=" + draft.topic());
    }

    @Benchmark
    @OperationsPerInvocation(STREAMS)
    public void delivery() throws InterruptedException {
        readers.expect();
        bed.publish(draft);
        readers.await();
    }

    @TearDown
    public void close() throws Exception {
        readers.close();
        vertx.close().await(20, TimeUnit.SECONDS);
    }
}
