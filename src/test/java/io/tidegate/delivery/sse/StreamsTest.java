package io.tidegate.delivery.sse;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidegate.edge.netty.Internals;
import io.tidegate.event.Cursor;
import io.tidegate.event.Draft;
import io.tidegate.event.JsonText;
import io.tidegate.fixture.EventStreamParser.Message;
import io.tidegate.fixture.TestStream;
import io.tidegate.journal.Journal;
import io.vertx.core.Vertx;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonObject;
import io.vertx.junit5.ProvidedBy;
import io.vertx.junit5.VertxExtension;
import io.vertx.junit5.VertxTestContext;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Tests streams over real sockets with a real journal. The test delivers batches to the hub itself. */
@ExtendWith(VertxExtension.class)
class StreamsTest {

    private final Bed bed = new Bed(StreamOptions.DEFAULTS, Instant.MAX, internals());
    private final Journal journal = bed.journal;

    Internals internals() {
        return Internals.USED;
    }

    @BeforeEach
    void start(@ProvidedBy(NativeTransport.class) Vertx vertx, VertxTestContext test) {
        bed.open(vertx).onComplete(test.succeedingThenComplete());
    }

    @Test
    void theHeadSaysStreamAndTheFirstBytesComeAtOnce() throws Exception {
        publish(draft("a", 1));
        try (TestStream stream = open("/events")) {
            assertEquals(200, stream.status());
            assertEquals("text/event-stream; charset=utf-8", stream.header("Content-Type"));
            assertEquals("no-cache, no-transform", stream.header("Cache-Control"));
            assertEquals("no", stream.header("X-Accel-Buffering"));
            publish(draft("a", 2));
            Message second = stream.next();
            assertEquals(new Message("tick", "2", cursor(2).toString()), second);
            assertTrue(
                    stream.retryMillis() >= 2000 && stream.retryMillis() <= 3000,
                    "the retry time must be the default plus at most half of it");
            assertTrue(
                    stream.body().contains("id: " + cursor(1) + "\n"),
                    "the stream must begin with the position before the first event");
        }
    }

    @Test
    void theEnvelopeNamesTheTypeInside() throws Exception {
        try (TestStream stream = open("/events?framing=envelope&topics=a")) {
            publish(draft("b", 1), draft("a", 2));
            assertEquals(
                    new Message(
                            "message",
                            "{\"type\":\"tick\",\"payload\":2}",
                            cursor(2).toString()),
                    stream.next());
        }
    }

    @Test
    void lineBreaksInDataArriveAsPublished() throws Exception {
        String text = "\"cr \\r lf \\n crlf \\r\\n nul \\u0000 sep \u2028 \ud83d\ude00\"";
        try (TestStream stream = open("/events")) {
            publish(Draft.of("a", "tick", JsonText.parse(text)));
            String data = stream.next().data();
            assertEquals("cr \r lf \n crlf \r\n nul \0 sep \u2028 \ud83d\ude00", Json.decodeValue(data));
        }
    }

    @Test
    void aReturningReaderIsToldItContinuesAndMissesNothing() throws Exception {
        publish(draft("a", 1), draft("a", 2), draft("a", 3));
        try (TestStream stream = open("/events", "Last-Event-ID: " + cursor(1))) {
            assertEquals(
                    new Message(
                            "gateway.resume",
                            "{\"status\":\"continued\"}",
                            cursor(1).toString()),
                    stream.next());
            publish(draft("a", 4));
            assertEquals(List.of("2", "3", "4"), data(stream.next(3)));
        }
    }

    @Test
    void theHeaderBeatsTheParameter() throws Exception {
        publish(draft("a", 1), draft("a", 2), draft("a", 3));
        try (TestStream stream = open("/events?lastEventId=" + cursor(1), "Last-Event-ID: " + cursor(2))) {
            stream.next();
            assertEquals("3", stream.next().data());
        }
    }

    @Test
    void aCursorOfAnotherHistoryIsFreshAndGoesOnFromNow() throws Exception {
        publish(draft("a", 1));
        try (TestStream stream = open("/events?since=other-1")) {
            JsonObject resume = new JsonObject(stream.next().data());
            assertEquals("fresh", resume.getString("status"));
            assertEquals(cursor(0).toString(), resume.getString("oldest"));
            publish(draft("a", 2));
            assertEquals("2", stream.next().data());
        }
    }

    @Test
    void whatRetentionTookIsAnnouncedAsAGap() throws Exception {
        IntStream.rangeClosed(1, 1010).forEach(i -> publish(draft("a", i)));
        try (TestStream stream = open("/events", "Last-Event-ID: " + cursor(5))) {
            JsonObject resume = new JsonObject(stream.next().data());
            assertEquals("gap", resume.getString("status"));
            assertEquals(cursor(10).toString(), resume.getString("oldest"));
            publish(draft("a", 1011));
            assertEquals("1011", stream.next().data());
        }
    }

    @Test
    void aCursorBeforeTheLoopHeadButKnownToTheJournalLosesNothing() throws Exception {
        bed.commit(draft("a", 1), draft("a", 2));
        // The journal has committed events that this loop has not received yet, so the client is ahead of the loop.
        try (TestStream stream = open("/events", "Last-Event-ID: " + cursor(1))) {
            assertEquals("gateway.resume", stream.next().type());
            bed.deliver(1, 2);
            publish(draft("a", 3));
            assertEquals(List.of("2", "3"), data(stream.next(2)));
        }
    }

    @Test
    void oldestAsksForEverythingKept() throws Exception {
        IntStream.rangeClosed(1, 600).forEach(i -> publish(draft("a", i)));
        try (TestStream stream = open("/events?since=oldest")) {
            assertEquals("gateway.resume", stream.next().type());
            assertEquals(
                    IntStream.rangeClosed(1, 600).mapToObj(Integer::toString).toList(), data(stream.next(600)));
        }
    }

    @Test
    void theSeamBetweenReplayAndLiveHasNoGapAndNoDuplicate() throws Exception {
        List<TestStream> readers = new ArrayList<>();
        Thread publisher = new Thread(() -> IntStream.rangeClosed(1, 900).forEach(i -> publish(draft("a", i))));
        publisher.start();
        for (int i = 0; i < 40; i++) {
            readers.add(open("/events?since=" + journal.head().at(0)));
        }
        publisher.join();
        List<String> all =
                IntStream.rangeClosed(1, 900).mapToObj(Integer::toString).toList();
        for (TestStream reader : readers) {
            assertEquals("gateway.resume", reader.next().type());
            assertEquals(all, data(reader.next(900)));
            reader.close();
        }
    }

    @Test
    void aKindBeginsWithItsListAndTheLastChangeOfATurnCarriesIt() throws Exception {
        publish(session("session_created", "x", "new"), session("session_created", "y", "new"));
        try (TestStream stream = open("/sessions");
                TestStream delta = open("/sessions?delta=true")) {
            String list =
                    "{\"type\":\"sessions\",\"sessions\":[{\"id\":\"x\",\"v\":\"new\"},{\"id\":\"y\",\"v\":\"new\"}]}";
            assertEquals(new Message("message", list, cursor(2).toString()), stream.next());
            assertEquals(list, delta.next().data());
            publish(session("session_updated", "x", "old"), session("session_terminated", "y", "gone"));
            assertEquals(
                    "{\"type\":\"session_updated\",\"session\":{\"id\":\"x\",\"v\":\"old\"}}",
                    stream.next().data());
            assertEquals(
                    "{\"type\":\"session_terminated\",\"session\":{\"id\":\"y\",\"v\":\"gone\"},"
                            + "\"sessions\":[{\"id\":\"x\",\"v\":\"old\"}]}",
                    stream.next().data());
            assertEquals(
                    "{\"type\":\"session_updated\",\"session\":{\"id\":\"x\",\"v\":\"old\"}}",
                    delta.next().data());
        }
    }

    @Test
    void aListThatIsAheadOfTheLoopIsNotRepeatedByIt() throws Exception {
        bed.commit(session("session_created", "x", "1"));
        try (TestStream stream = open("/sessions")) {
            assertTrue(stream.next().data().contains("\"x\""));
            bed.deliver(1, 1);
            publish(session("session_updated", "x", "2"));
            assertTrue(stream.next().data().startsWith("{\"type\":\"session_updated\""));
        }
    }

    @Test
    void aReturningReaderOfAKindGetsEachChangeAndThenTheList() throws Exception {
        publish(session("session_created", "x", "1"), session("session_terminated", "x", "1"));
        try (TestStream stream = open("/sessions", "Last-Event-ID: " + cursor(0))) {
            assertEquals("gateway.resume", stream.next().type());
            assertTrue(stream.next().data().startsWith("{\"type\":\"session_created\""));
            assertTrue(stream.next().data().startsWith("{\"type\":\"session_terminated\""));
            assertEquals(
                    "{\"type\":\"sessions\",\"sessions\":[]}", stream.next().data());
        }
    }

    @Test
    void aTopicWithAnEndIsReadFromItsFirstEventToItsLast() throws Exception {
        publish(deploy("running"), log("one"), draft("a", 0), log("two"));
        try (TestStream early = open("/deploys/42")) {
            assertTrue(early.next().data().startsWith("{\"type\":\"deploy_created\""));
            publish(log("three"), deploy("succeeded"));
            List<String> early4 = data(early.rest());
            try (TestStream late = open("/deploys/42")) {
                late.next();
                assertEquals(early4, data(late.rest()));
                assertEquals(4, early4.size());
            }
            try (TestStream again = open("/deploys/42", "Last-Event-ID: " + early.lastEventId())) {
                assertEquals(204, again.status());
            }
        }
    }

    @Test
    void aTopicWithAnEndIsToldWholeToAReaderOfAnotherHistory() throws Exception {
        publish(deploy("running"), log("one"), deploy("succeeded"));
        try (TestStream stream = open("/deploys/42", "Last-Event-ID: other-7")) {
            List<Message> all = stream.rest();
            assertEquals("fresh", new JsonObject(all.get(0).data()).getString("status"));
            assertEquals(4, all.size());
        }
    }

    @Test
    void aKindShowsMembersOfTopicsBelowItsOwn() throws Exception {
        try (TestStream stream = open("/sessions")) {
            stream.next();
            publish(Draft.of("sessions/z", "session_created", "z", JsonText.parse("{\"id\":\"z\"}")));
            assertEquals(
                    "{\"type\":\"session_created\",\"session\":{\"id\":\"z\"},\"sessions\":[{\"id\":\"z\"}]}",
                    stream.next().data());
        }
    }

    @Test
    void aStreamOfSomethingUnknownIsRefused() throws Exception {
        try (TestStream stream = open("/deploys/unknown")) {
            assertNotEquals(200, stream.status());
        }
    }

    @Test
    void aDrainSaysGoodbyeAndRefusesInBand() throws Exception {
        try (TestStream stream = open("/events")) {
            publish(draft("a", 1));
            stream.next();
            bed.run(() -> bed.streams.drain(Duration.ofSeconds(20)));
            assertEquals("gateway.goodbye", stream.rest().get(0).type());
        }
        try (TestStream refused = open("/events")) {
            assertEquals(200, refused.status());
            assertEquals("gateway.busy", refused.rest().get(0).type());
            assertTrue(refused.retryMillis() >= 2000);
        }
        try (TestStream refused = open("/events", "Last-Event-ID: other-7")) {
            assertEquals(
                    "other-7", refused.next().lastEventId(), "a client that must reconnect must keep its position");
        }
    }

    private TestStream open(String path, String... headers) throws Exception {
        return TestStream.open(bed.port(), path, headers);
    }

    private void publish(Draft... drafts) {
        bed.publish(drafts);
    }

    private Cursor cursor(long offset) {
        return journal.head().at(offset);
    }

    private static List<String> data(List<Message> messages) {
        return messages.stream().map(Message::data).toList();
    }

    private static Draft draft(String topic, int n) {
        return Draft.of(topic, "tick", JsonText.parse(Integer.toString(n)));
    }

    private static Draft session(String type, String id, String v) {
        return Draft.of(
                "sessions", type, id, JsonText.of(new JsonObject().put("id", id).put("v", v)));
    }

    private static Draft deploy(String status) {
        String type = status.equals("running") ? "deploy_created" : "deploy_status";
        return Draft.of("deploys/42", type, "42", JsonText.of(new JsonObject().put("status", status)));
    }

    private static Draft log(String line) {
        return Draft.of("deploys/42", "deploy_log", JsonText.of(new JsonObject().put("line", line)));
    }
}
