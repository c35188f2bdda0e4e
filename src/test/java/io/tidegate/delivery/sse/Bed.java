package io.tidegate.delivery.sse;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tidegate.access.Caller;
import io.tidegate.access.Role;
import io.tidegate.delivery.hub.Hub;
import io.tidegate.delivery.hub.HubListener;
import io.tidegate.edge.message.OwnPaths;
import io.tidegate.edge.netty.Internals;
import io.tidegate.edge.overload.OutgoingMemory;
import io.tidegate.event.Draft;
import io.tidegate.event.Event;
import io.tidegate.event.Kind;
import io.tidegate.event.Selection;
import io.tidegate.event.TopicPattern;
import io.tidegate.event.bus.Batch;
import io.tidegate.event.loop.EventLoop;
import io.tidegate.journal.Append;
import io.tidegate.journal.Journal;
import io.tidegate.journal.memory.MemoryJournal;
import io.tidegate.journal.retention.Retention;
import io.tidegate.meter.TakenCounts;
import io.tidegate.problem.ProblemMetrics;
import io.vertx.core.AbstractVerticle;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.ext.web.Router;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** An event loop with a hub and its streams, and a real journal. The test delivers the committed events itself. */
@SuppressWarnings("NullAway") // the fields are set when the verticle is opened
final class Bed extends AbstractVerticle {

    final Journal journal = new MemoryJournal(
            Clock.systemUTC(), Map.of(Kind.OTHER, new Retention(1000, Duration.ofDays(1), 1L << 30, 100, 1 << 24)));
    private final MeterRegistry registry = new SimpleMeterRegistry();
    /** The number of ended streams, by the text of their {@link CloseReason}. */
    final TakenCounts closed = new TakenCounts(registry, "sse.streams.closed", "reason");

    Streams streams;

    private final StreamOptions options;
    private final Instant expires;
    private final Internals internals;
    private Hub hub;
    private int port;

    Bed(StreamOptions options, Instant expires) {
        this(options, expires, Internals.USED);
    }

    Bed(StreamOptions options, Instant expires, Internals internals) {
        this.internals = internals;
        this.options = options;
        this.expires = expires;
    }

    /** Deploys this verticle, which runs until it or the Vert.x instance is closed. */
    Future<String> open(Vertx vertx) {
        return vertx.deployVerticle(this);
    }

    Future<Void> close() {
        return vertx.undeploy(deploymentID());
    }

    int port() {
        return port;
    }

    @Override
    public void start(Promise<Void> started) {
        hub = new Hub(task -> context.runOnContext(turn -> task.run()), HubListener.NONE, journal.head());
        StreamMetrics metrics = new StreamMetrics(registry, new OpenStreamCount());
        streams = new Streams(
                EventLoop.current(vertx),
                hub,
                journal,
                Clock.systemUTC(),
                options,
                metrics,
                internals,
                OutgoingMemory.unlimited());
        StreamHandlers handlers =
                new StreamHandlers(streams, journal, ctx -> new Anyone(), new ProblemMetrics(registry), OwnPaths.PLAIN);
        Router router = Router.router(vertx);
        router.route().handler(ctx -> {
            new Caller("reader", Role.VIEWER, List.of(TopicPattern.ALL), List.of(), expires).attachTo(ctx);
            ctx.next();
        });
        router.get("/events").handler(handlers.events());
        router.get("/late").handler(ctx -> ctx.response()
                .closeHandler(gone -> handlers.events().handle(ctx)));
        router.get("/sessions").handler(handlers.ofKind(Kind.SESSIONS));
        router.get("/deploys/:id").handler(handlers.untilLast(Kind.DEPLOYS, Bed::finished));
        vertx.createHttpServer(new HttpServerOptions().setSendBufferSize(options.sendBuffer()))
                .requestHandler(router)
                .listen(0, "127.0.0.1")
                .onSuccess(server -> port = server.actualPort())
                .<Void>mapEmpty()
                .onComplete(started);
    }

    private static final class Anyone implements Admission.Owner {

        @Override
        public long number() {
            return 1;
        }

        @Override
        public String subject() {
            return "anyone";
        }

        @Override
        public String address() {
            return "127.0.0.1";
        }

        @Override
        public Instant since() {
            return Instant.EPOCH;
        }

        @Override
        public void release() {}
    }

    private static boolean finished(Event event) {
        return event.data().toString().contains("succeeded");
    }

    /** Runs a task on the event loop that owns the streams. */
    void run(Runnable task) {
        context.runOnContext(turn -> task.run());
    }

    Future<Void> drain() {
        Promise<Void> drained = Promise.promise();
        run(() -> streams.drain(options.drainWindow()).onComplete(drained));
        return drained.future();
    }

    /** Commits drafts and delivers the batch to the event loop, as the journal verticle does. */
    void publish(Draft... drafts) {
        List<Event> events = commit(drafts);
        run(() -> hub.accept(new Batch(events, System.nanoTime())));
    }

    List<Event> commit(Draft... drafts) {
        return journal.commit(List.of(new Append(List.of(drafts))))
                .result()
                .get(0)
                .events();
    }

    /** Delivers previously committed events to the event loop. */
    void deliver(long first, long last) {
        List<Event> events = journal.read(
                        journal.head().at(first - 1), last, Selection.ofTopics(TopicPattern.ALL), 1000)
                .result()
                .events();
        run(() -> hub.accept(new Batch(events, System.nanoTime())));
    }
}
