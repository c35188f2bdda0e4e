package io.tidegate.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidegate.RawClient;
import io.tidegate.RawClient.Answer;
import io.tidegate.connection.ConnectionLimits;
import io.tidegate.connection.Connections;
import io.tidegate.connection.Pipelining;
import io.tidegate.overload.Headroom;
import io.tidegate.overload.OverloadOptions;
import io.tidegate.problem.Code;
import io.tidegate.problem.Problem;
import io.tidegate.publish.Reply;
import io.vertx.core.Context;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Publishes that a client sends without waiting, on a server whose commits are the test's own. */
class PipeliningTest {

    private static final int PATIENCE_SECONDS = 20;
    private static final String PAGE = "GET /page HTTP/1.1\r\nHost: h\r\n\r\n";

    private final Vertx vertx = Vertx.vertx();
    private final Headroom headroom = new Headroom(OverloadOptions.DEFAULTS);
    private final BlockingQueue<Taken> taken = new LinkedBlockingQueue<>();
    private final BlockingQueue<Code> problems = new LinkedBlockingQueue<>();
    private final AtomicInteger seenToRefuse = new AtomicInteger();
    private final int port = server().actualPort();
    private RawClient client;

    /** A publish whose commit is under way. */
    private record Taken(String body, Promise<Reply> reply, Context loop) {

        void answer() {
            loop.runOnContext(turn -> answerNow());
        }

        void answerNow() {
            reply.complete(new Reply(200, Map.of("Content-Type", "text/plain"), Buffer.buffer(body)));
        }

        void refuse(Problem problem) {
            loop.runOnContext(turn -> reply.fail(problem.toException()));
        }
    }

    private HttpServer server() {
        Failures failures = new Failures(problems::add);
        Router router = Router.router(vertx);
        router.post(Pipelining.PATH).handler(this::refuseSome);
        router.post(Pipelining.PATH).handler(BodyHandler.create(false)).handler(this::take);
        router.post("/other").handler(this::readLater);
        router.get("/page").handler(ctx -> ctx.end("page"));
        router.route().failureHandler(failures);
        HttpServerOptions options = new HttpServerOptions()
                .setPort(0)
                .setHost("127.0.0.1")
                .setHttp2ClearTextEnabled(false)
                .setPerMessageWebSocketCompressionSupported(false)
                .setPerFrameWebSocketCompressionSupported(false);
        return vertx.createHttpServer(options)
                .connectionHandler(connection ->
                        Connections.prepare(connection, options, ConnectionLimits.DEFAULTS, problems::add))
                .requestHandler(request -> Pipelining.inTurn(request, router))
                .listen()
                .await();
    }

    private void take(RoutingContext ctx) {
        Promise<Reply> reply = Promise.promise();
        Context loop = vertx.getOrCreateContext();
        new PublishReplies(loop, new Failures(problems::add), headroom).send(ctx, reply.future());
        taken.add(new Taken(ctx.body().asString(), reply, loop));
    }

    private void refuseSome(RoutingContext ctx) {
        if (ctx.request().headers().contains("X-Refuse")) {
            seenToRefuse.incrementAndGet();
            ctx.response().setStatusCode(403).end();
        } else {
            ctx.next();
        }
    }

    /** As what asks others first: the body is read when they have answered. */
    private void readLater(RoutingContext ctx) {
        ctx.request().pause();
        vertx.setTimer(50, asked -> {
            ctx.request().body().onSuccess(body -> ctx.end("read " + body)).onFailure(ctx::fail);
            ctx.request().resume();
        });
    }

    @BeforeEach
    void connect() throws Exception {
        client = new RawClient(port);
    }

    @AfterEach
    void close() throws Exception {
        client.close();
        vertx.close().await();
    }

    @Test
    void allAreTakenUpBeforeTheFirstIsAnsweredAndTheAnswersKeepTheirOrder() throws Exception {
        client.send(publishes(0, 16));
        List<Taken> publishes = take(16);
        for (int i = 15; i >= 0; i--) {
            assertFalse(client.answered(), "an answer went out before those it has to follow");
            publishes.get(i).answer();
        }
        for (int i = 0; i < 16; i++) {
            assertEquals("p" + i, client.answer().body());
        }
    }

    /** So that what its client sends next is there when the frames have gone, and is one batch. */
    @Test
    void publishesThatAreSentTogetherAreAnsweredBeforeTheTurnOfTheirFrames() throws Exception {
        client.send(publishes(0, 3));
        answerBefore(take(3), () -> {
            assertEquals("p0", client.answer().body());
            assertEquals("p1", client.answer().body());
            assertEquals("p2", client.answer().body());
        });
    }

    @Test
    void aPublishAloneIsAnsweredBehindTheTurnOfItsFrames() throws Exception {
        client.send(publishes(0, 1));
        answerBefore(take(1), () -> assertFalse(client.answered()));
        assertEquals("p0", client.answer().body());
    }

    /** Tells of a commit as the journal does, and holds the loop in the turn in which the frames would be written. */
    private static void answerBefore(List<Taken> publishes, Check check) throws Exception {
        CountDownLatch reached = new CountDownLatch(1);
        CountDownLatch written = new CountDownLatch(1);
        Context loop = publishes.get(0).loop();
        loop.runOnContext(commit -> {
            loop.runOnContext(receipts -> publishes.forEach(Taken::answerNow));
            loop.runOnContext(batch -> loop.runOnContext(frames -> {
                reached.countDown();
                awaitUninterruptibly(written);
            }));
        });
        try {
            awaitUninterruptibly(reached);
            check.run();
        } finally {
            written.countDown();
        }
    }

    private interface Check {
        void run() throws Exception;
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        try {
            assertTrue(latch.await(PATIENCE_SECONDS, TimeUnit.SECONDS));
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void whatFailsIsToldInItsPlace() throws Exception {
        client.send(publishes(0, 3));
        List<Taken> publishes = take(3);
        publishes.get(2).answer();
        publishes.get(1).refuse(Problem.of(Code.STORAGE_FULL, "no room"));
        publishes.get(0).answer();
        assertEquals("p0", client.answer().body());
        Answer refused = client.answer();
        assertEquals(507, refused.status());
        assertEquals(Problem.MEDIA_TYPE, refused.header("Content-Type"));
        assertEquals("storage-full", refused.json().getString("code"));
        assertEquals("p2", client.answer().body());
        assertEquals(List.of(Code.STORAGE_FULL), List.copyOf(problems));
    }

    @Test
    void aPageIsMadeWhenThePublishesBeforeItAreAnswered() throws Exception {
        client.send(publishes(0, 2) + PAGE + publishes(2, 4));
        List<Taken> before = take(2);
        assertTrue(taken.isEmpty());
        before.forEach(Taken::answer);
        assertEquals("p0", client.answer().body());
        assertEquals("p1", client.answer().body());
        assertEquals("page", client.answer().body());
        take(2).forEach(Taken::answer);
        assertEquals("p2", client.answer().body());
        assertEquals("p3", client.answer().body());
    }

    @Test
    void aBodyThatWaitedWithItsRequestIsWhole() throws Exception {
        client.send(publishes(0, 2) + publish("body").replace("/api/events", "/other"));
        take(2).forEach(Taken::answer);
        assertEquals("p0", client.answer().body());
        assertEquals("p1", client.answer().body());
        assertEquals("read body", client.answer().body());
    }

    @Test
    void whatIsRefusedAtOnceIsBoundedToo() throws Exception {
        String refused = publish("refused").replace("\r\n\r\n", "\r\nX-Refuse: 1\r\n\r\n");
        client.send(publish("first") + refused.repeat(500));
        Taken first = next();
        client.send(PAGE);
        assertTrue(seenToRefuse.get() <= 64, "answers pile up: " + seenToRefuse);
        first.answer();
        assertEquals("first", client.answer().body());
        for (int i = 0; i < 500; i++) {
            assertEquals(403, client.answer().status());
        }
        assertEquals("page", client.answer().body());
    }

    @Test
    void aConnectionThatIsToBeClosedIsClosedBehindItsAnswers() throws Exception {
        client.send(publishes(0, 2) + publish("last").replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n"));
        take(3).forEach(Taken::answer);
        assertEquals("p0", client.answer().body());
        assertEquals("p1", client.answer().body());
        assertEquals("last", client.answer().body());
        assertTrue(client.ended());
    }

    @Test
    void aBoundedNumberIsUnderWay() throws Exception {
        client.send(publishes(0, 200));
        List<Taken> first = take(64);
        assertTrue(taken.isEmpty(), "more was taken up than may wait");
        first.forEach(Taken::answer);
        for (int i = 64; i < 200; i++) {
            take(1).get(0).answer();
        }
        for (int i = 0; i < 200; i++) {
            assertEquals("p" + i, client.answer().body());
        }
    }

    @Test
    void theRoomOfABodyIsGivenBackWithItsAnswer() throws Exception {
        client.send(publishes(0, 3));
        List<Taken> publishes = take(3);
        assertEquals(4, headroom.bodies()); // "p0" and "p1", which others are behind
        publishes.forEach(Taken::answer);
        client.answer();
        client.answer();
        client.answer();
        assertEquals(0, headroom.bodies());
    }

    @Test
    void nobodyWaitsForAClientThatHasGone() throws Exception {
        client.send(publishes(0, 3));
        List<Taken> publishes = take(3);
        client.close();
        client = new RawClient(port);
        client.send(PAGE);
        assertEquals("page", client.answer().body());
        publishes.forEach(Taken::answer);
        client.send(publishes(0, 2));
        take(2).forEach(Taken::answer);
        assertEquals("p0", client.answer().body());
        assertEquals(0, headroom.bodies());
    }

    private List<Taken> take(int count) {
        return IntStream.range(0, count).mapToObj(i -> next()).toList();
    }

    private Taken next() {
        try {
            Taken next = taken.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
            if (next == null) {
                throw new AssertionError("a publish was not taken up");
            }
            return next;
        } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        }
    }

    private static String publishes(int from, int to) {
        StringBuilder all = new StringBuilder();
        IntStream.range(from, to).forEach(i -> all.append(publish("p" + i)));
        return all.toString();
    }

    private static String publish(String body) {
        return "POST /api/events HTTP/1.1\r\nHost: h\r\nContent-Length: " + body.length() + "\r\n\r\n" + body;
    }
}
