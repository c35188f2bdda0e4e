package io.tidegate.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidegate.access.Role;
import io.tidegate.edge.limit.LimitOptions;
import io.tidegate.edge.limit.Rate;
import io.tidegate.edge.limit.RequestLimits;
import io.tidegate.edge.limit.StreamLimits;
import io.tidegate.fixture.EventStreamParser;
import io.tidegate.fixture.RawClient;
import io.tidegate.fixture.RawClient.Answer;
import io.tidegate.fixture.TestNode;
import io.tidegate.fixture.TestSettings;
import io.tidegate.fixture.TestStream;
import io.tidegate.node.Settings;
import io.vertx.core.json.JsonObject;
import java.net.InetAddress;
import java.net.Socket;
import java.net.StandardSocketOptions;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Tests the caps on open streams, and that each ended stream releases its permit. */
@Timeout(300)
class StreamCapTest {

    private static final int CAP = 1000;
    private static final int THREADS = 8;
    private static final Rate UNLIMITED = new Rate(6_000_000, 100_000);

    private final List<AutoCloseable> open = Collections.synchronizedList(new ArrayList<>());
    private final Settings settings;
    private TestNode node;

    StreamCapTest(@TempDir Path data) {
        settings = TestSettings.in(data).build();
    }

    @BeforeEach
    void start() throws Exception {
        node = TestNode.start(with(new StreamLimits(CAP, CAP, CAP, UNLIMITED)));
    }

    @AfterEach
    void stop() throws Exception {
        for (AutoCloseable each : open) {
            each.close();
        }
        node.close();
    }

    @Test
    void of2000AttemptsAtOnceExactly1000GetAStream() throws Exception {
        AtomicInteger streams = new AtomicInteger();
        AtomicInteger busy = new AtomicInteger();
        AtomicInteger refused = new AtomicInteger();
        inParallel(2 * CAP, i -> {
            boolean eventSource = i % 2 == 0;
            RawClient client = new RawClient(node.port());
            Answer head = client.send(request(eventSource ? "Accept: text/event-stream\r\n" : ""))
                    .head();
            if (head.status() == 503) {
                assertTrue(!eventSource && head.header("Retry-After").equals("5"));
                refused.incrementAndGet();
                client.close();
            } else if (client.chunk().contains("gateway.busy")) {
                assertEquals(200, head.status());
                busy.incrementAndGet();
                client.close();
            } else {
                streams.incrementAndGet();
                open.add(client);
            }
        });
        assertEquals(CAP, streams.get());
        assertEquals(CAP, busy.get() + refused.get());
        assertEquals(CAP, ready("permits"));
        assertEquals(CAP, ready("streams"));
        String metrics = node.management("/metrics").body();
        assertTrue(metrics.contains("limit_streams_refused_total{limit=\"node\"} " + (double) CAP));
        assertTrue(metrics.contains("limit_stream_permits " + (double) CAP));
        open.remove(0).close();
        awaitPermits(CAP - 1);
        try (TestStream last = node.stream("/api/events")) {
            last.awaitBody("id: ");
            assertEquals(CAP, ready("permits"));
        }
    }

    @Test
    void tenThousandAbortedHandshakesLeaveNoPermitBehind() throws Exception {
        String whole = request("Accept: text/event-stream\r\n");
        inParallel(10_000, i -> {
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), node.port())) {
                if (i % 5 != 4) {
                    socket.setOption(StandardSocketOptions.SO_LINGER, 0); // this closes the connection with a reset
                }
                int bytes = i % 5 == 0 ? i % whole.length() : whole.length();
                socket.getOutputStream().write(whole.substring(0, bytes).getBytes(StandardCharsets.US_ASCII));
                if (i % 5 == 1) {
                    socket.getInputStream().read();
                }
            }
        });
        awaitPermits(0);
        assertEquals(0, ready("streams"));
        String metrics = node.management("/metrics").body();
        assertTrue(metrics.contains("limit_streams_refused_total{limit=\"node\"} 0.0"), metrics);
        for (int i = 0; i < 20; i++) {
            open.add(node.stream("/api/sse/sessions"));
        }
        assertEquals(20, ready("permits"));
    }

    @Test
    void whatIsAnsweredWithoutAStreamTakesNoPermit() throws Exception {
        for (String path : List.of("/api/events?since=nonsense", "/api/deploys/none/logs", "/api/sse/bogus")) {
            try (TestStream answer = node.stream(path)) {
                assertTrue(answer.status() >= 400, path);
            }
        }
        try (TestStream stranger = TestStream.open(node.port(), "/api/events")) {
            assertEquals(401, stranger.status());
        }
        assertEquals(0, ready("permits"));
    }

    @Test
    void aSubjectAndAnAddressHaveCapsOfTheirOwn() throws Exception {
        reload(new StreamLimits(CAP, 2, 3, UNLIMITED));
        open.add(stream("ada", "192.0.2.1"));
        open.add(stream("ada", "192.0.2.2"));
        assertEquals("stream-limit", busy(stream("ada", "192.0.2.3")).getString("reason"));
        open.add(stream("grace", "2001:db8:0:1::1"));
        open.add(stream("grace", "2001:db8:0:1::2"));
        open.add(stream("alan", "2001:db8:0:1::3"));
        JsonObject busy = busy(stream("alan", "2001:db8:0:1:ffff::1"));
        assertEquals("stream-limit", busy.getString("reason"));
        assertEquals("/api/sessions", busy.getString("poll"));
        assertTrue(busy.getInteger("retryAfterMs") >= 5000);
        open.add(stream("alan", "2001:db8:0:2::1"));
        assertEquals(6, ready("permits"));
    }

    @Test
    void whoAsksTooOftenIsToldSoAsItUnderstandsIt() throws Exception {
        reload(new StreamLimits(CAP, CAP, CAP, new Rate(1, 2)));
        open.add(stream("ada", "192.0.2.1"));
        open.add(stream("ada", "192.0.2.1"));
        JsonObject busy = busy(stream("ada", "192.0.2.1"));
        assertEquals("rate-limited", busy.getString("reason"));
        assertTrue(busy.getInteger("retryAfterMs") > 1000);
        try (RawClient other = new RawClient(node.port())) {
            Answer answer = other.send("GET /api/sse/sessions HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer "
                            + node.gateway().token("ada", Role.VIEWER, Duration.ofMinutes(5)) + "\r\n\r\n")
                    .response();
            assertEquals(429, answer.status());
            assertEquals("rate-limited", answer.json().getString("code"));
            assertEquals("\"streams\";q=1;w=60", answer.header("RateLimit-Policy"));
            assertTrue(Integer.parseInt(answer.header("Retry-After")) > 1);
        }
        open.add(stream("grace", "192.0.2.1"));
        assertEquals(3, ready("permits"));
    }

    @Test
    void everyEndOfAStreamGivesItsPermitBack() throws Exception {
        node.send("POST", "/api/deploys", "{\"id\":\"d1\"}");
        try (TestStream log = node.stream("/api/deploys/d1/logs");
                TestStream leaving = node.stream("/api/events")) {
            log.awaitBody("deploy_created");
            leaving.awaitBody("id: ");
            assertEquals(2, ready("permits"));
            leaving.close();
            awaitPermits(1);
            node.send("PATCH", "/api/deploys/d1", "{\"status\":\"succeeded\"}");
            log.rest();
            awaitPermits(0);
        }
    }

    @Test
    void aLowerCapEndsNoStream() throws Exception {
        TestStream first = node.stream("/api/events");
        open.add(first);
        open.add(node.stream("/api/events"));
        reload(new StreamLimits(1, CAP, CAP, UNLIMITED));
        assertEquals("stream-limit", busy(node.stream("/api/events")).getString("reason"));
        node.publish("news", "told", "1");
        assertEquals("told", first.next().type());
    }

    private interface Attempt {
        void number(int i) throws Exception;
    }

    private static void inParallel(int attempts, Attempt attempt) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        AtomicInteger next = new AtomicInteger();
        try {
            Callable<Void> work = () -> {
                for (int i = next.getAndIncrement(); i < attempts; i = next.getAndIncrement()) {
                    attempt.number(i);
                }
                return null;
            };
            for (Future<Void> done : threads.invokeAll(
                    IntStream.range(0, THREADS).mapToObj(n -> work).toList())) {
                done.get();
            }
        } finally {
            threads.shutdownNow();
        }
    }

    private String request(String accept) {
        return "GET /api/sse/sessions HTTP/1.1\r\nHost: localhost\r\n" + accept + node.viewer() + "\r\n\r\n";
    }

    private TestStream stream(String subject, String address) throws Exception {
        return TestStream.open(
                node.port(),
                "/api/sse/sessions",
                "X-Forwarded-For: " + address,
                "Authorization: Bearer " + node.gateway().token(subject, Role.VIEWER, Duration.ofMinutes(5)));
    }

    private static JsonObject busy(TestStream refused) throws Exception {
        try (refused) {
            EventStreamParser.Message only = refused.rest().get(0);
            assertEquals("gateway.busy", only.type());
            return new JsonObject(only.data());
        }
    }

    private Settings with(StreamLimits streams) {
        return TestSettings.of(settings)
                .limits(new LimitOptions(RequestLimits.DEFAULTS, streams))
                .build();
    }

    private void reload(StreamLimits streams) throws Exception {
        node.gateway().reload(with(streams)).await(20, TimeUnit.SECONDS);
    }

    private int ready(String member) throws Exception {
        return new JsonObject(node.management("/ready").body()).getInteger(member);
    }

    private void awaitPermits(int number) throws Exception {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (ready("permits") != number) {
            assertTrue(System.nanoTime() < deadline, () -> "timed out waiting for " + number + " permits");
            TimeUnit.MILLISECONDS.sleep(20);
        }
    }
}
