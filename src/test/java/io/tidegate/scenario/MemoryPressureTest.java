package io.tidegate.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidegate.fixture.ChildNode;
import io.tidegate.fixture.EventStreamParser.Message;
import io.tidegate.fixture.RawClient;
import io.tidegate.fixture.TestStream;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Tests a process whose direct memory does not suffice for what its clients request: every reader receives every event,
 * or its stream is closed or announces a gap.
 */
@Timeout(180)
class MemoryPressureTest {

    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final List<String> SMALL_DIRECT_MEMORY = List.of(
            "-Xmx256m",
            "-XX:MaxDirectMemorySize=32m",
            "-Dio.netty.maxDirectMemory=33554432",
            "-Dio.netty.allocator.type=pooled",
            "-Dio.netty.allocator.maxOrder=5");

    private final List<TestStream> streams = new ArrayList<>();
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final ChildNode node;

    MemoryPressureTest(@TempDir Path folder) throws Exception {
        node = ChildNode.start(folder, ":", SMALL_DIRECT_MEMORY, "--set", "http.event-loops=1");
    }

    @BeforeEach
    void publishOnce() throws Exception {
        publish("u", "first");
    }

    @AfterEach
    void close() throws IOException {
        for (TestStream stream : streams) {
            stream.close();
        }
        node.close();
    }

    @Test
    void manyChangesOfALargeListInOneCommitReachEveryReader() throws Exception {
        // The list has 2 MB. With the list after each change, the commit would need 200 MB.
        String text = "x".repeat(50_000);
        for (int i = 0; i < 40; i++) {
            assertEquals(200, post("[" + session(i, text) + "]"));
        }
        List<TestStream> plain = List.of(open("/api/events?topics=u,a"), open("/api/events?topics=u,b"));
        List<TestStream> lists = List.of(open("/api/sse/sessions"), open("/api/sse/sessions?delta=true"));
        for (TestStream stream : lists) {
            assertEquals(
                    40,
                    new JsonObject(stream.next().data())
                            .getJsonArray("sessions")
                            .size());
        }
        String changes = IntStream.range(0, 100)
                .mapToObj(i -> session(i % 40, Integer.toString(i)))
                .collect(Collectors.joining(","));
        assertEquals(200, post("[" + changes + "," + event("u", "with") + "]"));
        publish("u", "after");
        for (TestStream stream : plain) {
            assertEquals("\"with\"", stream.next().data());
            assertEquals("\"after\"", stream.next().data());
        }
        assertEquals(100, lists.get(1).next(100).size());
        JsonArray last = null;
        for (Message message : lists.get(0).next(100)) {
            JsonArray list = new JsonObject(message.data()).getJsonArray("sessions");
            last = list == null ? last : list;
        }
        assertEquals(
                IntStream.range(60, 100).mapToObj(Integer::toString).collect(Collectors.toSet()),
                Objects.requireNonNull(last).stream()
                        .map(session -> ((JsonObject) session).getString("text"))
                        .collect(Collectors.toSet()));
    }

    @Test
    void stalledReadersOfLargeEventsCostOtherReadersNothing() throws Exception {
        publish("big", "y".repeat(1_000_000));
        TestStream before = open("/api/events?topics=u,c");
        // Each encodes an event of 1 MB for itself, in a process with 32 MiB of direct memory.
        for (int i = 0; i < 80; i++) {
            streams.add(
                    TestStream.openStalled(node.port(), "/api/events?since=oldest&topics=big,z" + i, node.viewer()));
        }
        TestStream large = open("/api/events?topics=large");
        publish("large", "z".repeat(300_000));
        publish("u", "small");
        assertEquals(300_002, large.next().data().length());
        assertEquals("\"small\"", before.next().data());
        TestStream after = open("/api/events?topics=u,c");
        publish("u", "later");
        assertEquals("\"later\"", before.next().data());
        assertEquals("\"later\"", after.next().data());
    }

    @Test
    void aLargeEventForManySelectionsReachesEveryReader() throws Exception {
        List<TestStream> stalled = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            stalled.add(TestStream.openStalled(node.port(), "/api/events?topics=big,z" + i, node.viewer()));
        }
        streams.addAll(stalled);
        List<TestStream> reading = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            TestStream stream = TestStream.open(
                    node.port(), "/api/events?topics=big,y" + i, "Authorization: Bearer " + node.publisher());
            reading.add(stream);
            streams.add(stream);
        }
        publish("big", "y".repeat(1_000_000));
        publish("big", "end");
        for (TestStream stream : reading) {
            assertEquals(1_000_002, stream.next().data().length());
            assertEquals("\"end\"", stream.next().data());
        }
        stalled.forEach(TestStream::readOn);
        for (TestStream stream : stalled) {
            assertEquals(1_000_002, stream.next().data().length());
            assertEquals("\"end\"", stream.next().data());
        }
    }

    @Test
    void pagesThatNobodyReadsAreRefusedBeforeTheMemoryIsUsedUp() throws Exception {
        for (int i = 0; i < 8; i++) {
            publish("big", "y".repeat(120_000));
        }
        TestStream stream = open("/api/events?topics=u,d");
        List<RawClient> clients = new ArrayList<>();
        int refused = 0;
        for (int i = 0; i < 80; i++) {
            RawClient client = new RawClient(node.port());
            clients.add(client);
            client.send("GET /api/events?since=oldest&limit=1000&topics=big HTTP/1.1\r\nHost: a\r\n" + node.viewer()
                    + "\r\n\r\n");
            refused += client.head().status() == 503 ? 1 : 0;
        }
        assertTrue(refused > 0 && refused < 80, refused + " were refused");
        publish("u", "small");
        assertEquals("\"small\"", stream.next().data());
        for (RawClient client : clients) {
            client.close();
        }
        for (long deadline = System.nanoTime() + TIMEOUT.toNanos();
                status("/api/events?since=oldest&topics=big") != 200; ) {
            assertTrue(System.nanoTime() < deadline, "the node still refuses");
            Thread.sleep(50);
        }
    }

    private TestStream open(String path) throws IOException {
        TestStream stream = node.stream(path);
        streams.add(stream);
        return stream;
    }

    private static String session(int number, String text) {
        JsonObject data = new JsonObject().put("id", "s" + number).put("text", text);
        return new JsonObject()
                .put("topic", "sessions")
                .put("type", "session_updated")
                .put("key", "s" + number)
                .put("data", data)
                .encode();
    }

    private static String event(String topic, String data) {
        return new JsonObject()
                .put("topic", topic)
                .put("type", "t")
                .put("data", data)
                .encode();
    }

    private void publish(String topic, String data) throws Exception {
        assertEquals(200, post(event(topic, data)));
    }

    private int post(String body) throws Exception {
        HttpRequest request = request("/api/events")
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body))
                .build();
        HttpResponse<String> response = client.send(request, BodyHandlers.ofString());
        return response.statusCode();
    }

    private int status(String path) throws Exception {
        return client.send(request(path).build(), BodyHandlers.discarding()).statusCode();
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + node.port() + path))
                .timeout(TIMEOUT)
                .header("Authorization", "Bearer " + node.publisher());
    }
}
