package io.tidegate.sse;

import io.tidegate.event.Batch;
import io.tidegate.event.Draft;
import io.tidegate.event.Event;
import io.tidegate.event.EventType;
import io.tidegate.event.JsonText;
import io.tidegate.event.Kind;
import io.tidegate.event.Selection;
import io.tidegate.event.Topic;
import io.tidegate.event.TopicPattern;
import io.tidegate.hub.Hub;
import io.tidegate.hub.HubListener;
import io.tidegate.journal.Append;
import io.tidegate.journal.MemoryJournal;
import io.tidegate.journal.Retention;
import io.tidegate.sse.StreamRequest.What;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * One event from the hub to the sockets of a thousand streams, one delivery an operation: hub, group, stream, outlet,
 * system call. Run with {@code -prof gc} it tells how many bytes each delivery allocates; what the event itself needs
 * (commit, encoding, the turn of the loop) is shared by all thousand. The next event waits until the readers have all.
 */
@State(Scope.Benchmark)
@SuppressWarnings("NullAway") // filled by the setup
public class FanOutBench {

    static final int STREAMS = 1000;

    private static final StreamOptions STANDARD = StreamOptions.DEFAULTS;
    /** Without heartbeats, which would count as deliveries. */
    private static final StreamOptions QUIET = new StreamOptions(
            Duration.ofDays(1),
            STANDARD.heartbeatForm(),
            STANDARD.retry(),
            STANDARD.sendBuffer(),
            STANDARD.maxLag(),
            STANDARD.maxLagBytes(),
            STANDARD.drainWindow());

    /** Whether streams write past the encoder of the HTTP server or by way of the response. */
    @Param({"true", "false"})
    private boolean direct;

    private final Draft draft = new Draft(
            new Topic("bench/1"),
            new EventType("tick"),
            Optional.empty(),
            JsonText.parse("\"" + "x".repeat(98) + "\""));
    private final Instant expires = Instant.now().plus(Duration.ofDays(1));
    private Vertx vertx;
    private Context context;
    private MemoryJournal journal;
    private Hub hub;
    private Streams streams;
    private Readers readers;

    @Setup
    public void open() throws Exception {
        readers = new Readers(STREAMS);
        vertx = Vertx.vertx(new VertxOptions().setPreferNativeTransport(true).setEventLoopPoolSize(1));
        journal = new MemoryJournal(
                Clock.systemUTC(), Map.of(Kind.OTHER, new Retention(1000, Duration.ofDays(1), 1L << 30, 100)));
        context = vertx.getOrCreateContext();
        hub = new Hub(task -> context.runOnContext(turn -> task.run()), HubListener.NONE, journal.head());
        CountDownLatch listening = new CountDownLatch(1);
        HttpServer[] server = new HttpServer[1];
        context.runOnContext(start -> {
            streams = new Streams(context, hub, journal, Clock.systemUTC(), QUIET, StreamListener.NONE, direct);
            vertx.createHttpServer(new HttpServerOptions().setSendBufferSize(QUIET.sendBuffer()))
                    .requestHandler(this::stream)
                    .listen(0, "127.0.0.1")
                    .onSuccess(bound -> {
                        server[0] = bound;
                        listening.countDown();
                    });
        });
        listening.await(20, TimeUnit.SECONDS);
        readers.connect(server[0].actualPort());
    }

    private void stream(HttpServerRequest request) {
        request.response().setChunked(true);
        Selection selection = Selection.ofTopics(TopicPattern.of(draft.topic()));
        What what = new What(selection, new Framing.Named(), "", Optional.empty(), false);
        streams.open(request, new StreamRequest(what, Optional.empty(), false, expires));
    }

    @Benchmark
    @OperationsPerInvocation(STREAMS)
    public void delivery() throws InterruptedException {
        readers.expect();
        context.runOnContext(turn -> {
            List<Event> events = journal.commit(List.of(new Append(List.of(draft))))
                    .result()
                    .get(0)
                    .events();
            hub.accept(new Batch(events, System.nanoTime()));
        });
        readers.await();
    }

    @TearDown
    public void close() throws Exception {
        readers.close();
        vertx.close().await(20, TimeUnit.SECONDS);
    }
}
