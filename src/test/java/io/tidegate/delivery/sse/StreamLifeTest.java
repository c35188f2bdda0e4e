package io.tidegate.delivery.sse;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidegate.delivery.sse.StreamOptions.HeartbeatForm;
import io.tidegate.event.Draft;
import io.tidegate.event.JsonText;
import io.tidegate.fixture.EventStreamParser.Message;
import io.tidegate.fixture.RawClient;
import io.tidegate.fixture.TestStream;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.junit5.ProvidedBy;
import io.vertx.junit5.VertxExtension;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Tests the life of an open stream: slow clients, heartbeats, the expiry of its token and the shutdown of the node. */
@ExtendWith(VertxExtension.class)
class StreamLifeTest {

    private static final String PADDING = "x".repeat(4000);

    private Vertx vertx;

    @BeforeEach
    void begin(@ProvidedBy(NativeTransport.class) Vertx vertx) {
        this.vertx = vertx;
    }

    @Test
    void aReaderThatStallsAndReadsOnMissesNothing() throws Exception {
        Bed bed = bed(options(Duration.ofMinutes(1), Duration.ofMinutes(1), 1L << 30), Instant.MAX);
        try (TestStream healthy = open(bed, "/events");
                TestStream stalled = TestStream.openStalled(bed.port(), "/events")) {
            IntStream.rangeClosed(1, 500).forEach(i -> bed.publish(big(i)));
            // This is over a megabyte more than the capacity of all buffers in between, so the stalled stream lags by
            // now.
            assertEquals(500, healthy.next(500).size());
            stalled.readOn();
            List<Message> all = stalled.next(500);
            assertEquals(numbers(1, 500), numbers(all));
            bed.publish(big(501));
            assertEquals(501, new JsonObject(stalled.next().data()).getInteger("n"));
        }
    }

    @Test
    void readersThatStallAndLeaveAmongManyCostTheOthersNothing() throws Exception {
        Bed bed = bed(options(Duration.ofMinutes(1), Duration.ofMinutes(1), 1L << 30), Instant.MAX);
        List<TestStream> healthy = new ArrayList<>();
        List<TestStream> stalled = new ArrayList<>();
        try {
            for (int i = 0; i < 50; i++) {
                if (i % 7 == 3) {
                    stalled.add(TestStream.openStalled(bed.port(), "/events"));
                } else {
                    healthy.add(open(bed, "/events"));
                }
            }
            bed.publish(big(1));
            // Streams are closed in the middle of the list, so that other streams move into their positions.
            for (int i = 10; i > 5; i--) {
                healthy.remove(i).close();
                assertEquals("client", bed.closed.next());
            }
            IntStream.rangeClosed(2, 300).forEach(i -> bed.publish(big(i)));
            for (TestStream stream : healthy) {
                assertEquals(numbers(1, 300), numbers(stream.next(300)));
            }
            for (TestStream stream : stalled) {
                stream.readOn();
                assertEquals(numbers(1, 300), numbers(stream.next(300)));
            }
            bed.publish(big(301));
            for (TestStream stream : stalled) {
                assertEquals(numbers(301, 301), numbers(stream.next(1)));
            }
        } finally {
            for (TestStream stream : healthy) {
                stream.close();
            }
            for (TestStream stream : stalled) {
                stream.close();
            }
        }
    }

    @Test
    void aStreamWhoseClientWentBeforeItBeganHasEnded() throws Exception {
        Bed bed = bed(StreamOptions.DEFAULTS, Instant.MAX);
        try (RawClient client = new RawClient(bed.port())) {
            client.send("GET /late HTTP/1.1\r\nHost: localhost\r\n\r\n");
        }
        assertEquals("client", bed.closed.next());
    }

    @Test
    void aReaderTooFarBehindIsClosedAsSlow() throws Exception {
        Bed bed = bed(options(Duration.ofMillis(150), Duration.ofMinutes(1), 100_000), Instant.MAX);
        try (TestStream stalled = TestStream.openStalled(bed.port(), "/events")) {
            IntStream.rangeClosed(1, 500).forEach(i -> bed.publish(big(i)));
            assertEquals("slow", bed.closed.next());
            stalled.readOn();
            assertTrue(stalled.rest().size() < 500);
        }
    }

    @Test
    void aReaderStalledTooLongIsClosedAsSlow() throws Exception {
        Bed bed = bed(options(Duration.ofMillis(150), Duration.ofMillis(300), 1L << 30), Instant.MAX);
        try (TestStream stalled = TestStream.openStalled(bed.port(), "/events")) {
            IntStream.rangeClosed(1, 500).forEach(i -> bed.publish(big(i)));
            assertEquals("slow", bed.closed.next());
            stalled.readOn();
            assertTrue(stalled.rest().size() < 500);
        }
    }

    @Test
    void aReaderOfStatesGetsOnlyTheNewestOfEachKeyAfterItWasAway() throws Exception {
        Bed bed = bed(StreamOptions.DEFAULTS, Instant.MAX);
        for (int i = 1; i <= 30; i++) {
            bed.publish(session("session_updated", "a", i), session("session_updated", "b", i));
        }
        bed.publish(session("session_terminated", "b", 31));
        String start = bed.journal.head().at(0).toString();
        try (TestStream stream = open(bed, "/sessions?latest=true&delta=true&since=" + start)) {
            assertEquals("gateway.resume", stream.next().type());
            assertEquals("{\"id\":\"a\",\"v\":30}", member(stream.next()));
            JsonObject ended = new JsonObject(stream.next().data());
            assertEquals("session_terminated", ended.getString("type"));
            assertEquals("b", ended.getJsonObject("session").getString("id"));
            assertEquals(
                    "{\"type\":\"sessions\",\"sessions\":[{\"id\":\"a\",\"v\":30}]}",
                    stream.next().data());
        }
    }

    @Test
    void aHeartbeatMovesTheCursorOfAReaderWhoseFilterMatchesNothing() throws Exception {
        Bed bed = bed(options(Duration.ofMillis(150), Duration.ofMinutes(1), 1L << 30), Instant.MAX);
        try (TestStream stream = open(bed, "/events?topics=quiet")) {
            bed.publish(Draft.of("loud", "tick", JsonText.parse("1")));
            bed.publish(Draft.of("quiet", "tick", JsonText.parse("2")));
            stream.next();
            bed.publish(Draft.of("loud", "tick", JsonText.parse("3")));
            String head = bed.journal.head().toString();
            stream.awaitBody("id: " + head + "\n\n");
            assertEquals(head, stream.lastEventId());
            assertEquals(List.of(), stream.arrived());
        }
    }

    @Test
    void aHeartbeatCanBeAnEvent() throws Exception {
        StreamOptions standard = options(Duration.ofMillis(150), Duration.ofMinutes(1), 1L << 30);
        StreamOptions named = new StreamOptions(
                standard.heartbeat(),
                HeartbeatForm.EVENT,
                standard.retry(),
                standard.sendBuffer(),
                standard.maxLag(),
                standard.maxLagBytes(),
                standard.drainWindow());
        try (TestStream stream = open(bed(named, Instant.MAX), "/events")) {
            Message heartbeat = stream.next();
            assertEquals("heartbeat", heartbeat.type());
            assertEquals("{}", heartbeat.data());
        }
    }

    @Test
    void aStreamIsWarnedBeforeItsTokenEndsAndEndsWithIt() throws Exception {
        Instant expires = Instant.now().plusSeconds(2);
        Bed bed = bed(options(Duration.ofMillis(150), Duration.ofMinutes(1), 1L << 30), expires);
        try (TestStream stream = open(bed, "/events")) {
            List<Message> all = stream.rest();
            assertEquals(
                    List.of("gateway.auth"), all.stream().map(Message::type).toList());
            assertEquals("expired", bed.closed.next());
        }
    }

    @Test
    void aTokenThatEndsBetweenTwoSweepsEndsItsStreamInTime() throws Exception {
        Instant expires = Instant.now().plusSeconds(3);
        Bed bed = bed(options(Duration.ofHours(1), Duration.ofMinutes(1), 1L << 30), expires);
        try (TestStream stream = open(bed, "/events")) {
            bed.publish(big(1));
            assertEquals("tick", stream.next().type());
            assertEquals(List.of(), stream.rest());
            assertEquals("expired", bed.closed.next());
        }
    }

    @Test
    void whatComesAfterTheEndOfATokenIsNotWrittenHoweverLateTheLoopIs() throws Exception {
        Instant expires = Instant.now().plusSeconds(2);
        Bed bed = bed(options(Duration.ofHours(1), Duration.ofMinutes(1), 1L << 30), expires);
        try (TestStream stream = open(bed, "/events")) {
            bed.run(() -> spinUntil(expires));
            bed.publish(big(1));
            assertEquals(List.of(), stream.rest());
        }
    }

    @Test
    void whatASlowClientHasNotTakenByTheEndOfItsTokenIsDropped() throws Exception {
        Bed bed = bed(
                options(Duration.ofHours(1), Duration.ofMinutes(1), 1L << 30),
                Instant.now().plusSeconds(4));
        try (TestStream stream = TestStream.openStalled(bed.port(), "/events")) {
            for (int i = 0; i < 500; i++) {
                bed.publish(big(i));
            }
            assertEquals("expired", bed.closed.next());
            stream.readOn();
            assertTrue(stream.rest().size() < 500);
        }
    }

    /** Keeps the event loop busy until the given time. */
    private static void spinUntil(Instant end) {
        while (Instant.now().isBefore(end)) {
            Thread.onSpinWait();
        }
    }

    @Test
    void aDrainEndsEveryStreamAndIsOverThen() throws Exception {
        Bed bed = bed(StreamOptions.DEFAULTS, Instant.MAX);
        List<TestStream> open = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            open.add(open(bed, "/events"));
        }
        bed.drain().await(20, TimeUnit.SECONDS);
        for (TestStream stream : open) {
            assertEquals("gateway.goodbye", stream.rest().get(0).type());
            assertTrue(stream.retryMillis() >= 2000);
            stream.close();
        }
        assertEquals(20, bed.closed.all().get("drain"));
    }

    private Bed bed(StreamOptions options, Instant expires) throws Exception {
        Bed bed = new Bed(options, expires);
        bed.open(vertx).await(20, TimeUnit.SECONDS);
        return bed;
    }

    private static TestStream open(Bed bed, String path) throws Exception {
        TestStream stream = TestStream.open(bed.port(), path);
        stream.awaitBody("id: ");
        return stream;
    }

    private static StreamOptions options(Duration heartbeat, Duration maxLag, long maxLagBytes) {
        StreamOptions standard = StreamOptions.DEFAULTS;
        return new StreamOptions(
                heartbeat,
                HeartbeatForm.ID,
                standard.retry(),
                standard.sendBuffer(),
                maxLag,
                maxLagBytes,
                standard.drainWindow());
    }

    private static List<Integer> numbers(int first, int last) {
        return IntStream.rangeClosed(first, last).boxed().toList();
    }

    private static List<Integer> numbers(List<Message> messages) {
        return messages.stream()
                .map(message -> new JsonObject(message.data()).getInteger("n"))
                .toList();
    }

    private static Draft big(int n) {
        return Draft.of("a", "tick", JsonText.of(new JsonObject().put("n", n).put("padding", PADDING)));
    }

    private static Draft session(String type, String id, int v) {
        return Draft.of(
                "sessions", type, id, JsonText.of(new JsonObject().put("id", id).put("v", v)));
    }

    private static String member(Message message) {
        return new JsonObject(message.data()).getJsonObject("session").encode();
    }
}
