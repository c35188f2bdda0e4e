package io.tidegate.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidegate.fixture.ChildNode;
import io.tidegate.fixture.EventStreamParser.Message;
import io.tidegate.fixture.Needs;
import io.tidegate.fixture.TestStream;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
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
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Tests a process that runs out of a resource: open streams survive, and new ones are refused with a time to retry. */
@Timeout(180)
class OverloadTest {

    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    private final Path folder;
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    OverloadTest(@TempDir Path folder) {
        this.folder = folder;
    }

    @Test
    @Needs("kill")
    void withoutDescriptorsTheOpenStreamsGoOnAndNewOnesAreToldToComeLater() throws Exception {
        List<TestStream> streams = new ArrayList<>();
        List<Socket> flood = new ArrayList<>();
        try (ChildNode node = ChildNode.start(folder, "ulimit -n 200", List.of())) {
            publish(node, "warm", "-");
            Message busy = openUntilRefused(node, streams);
            assertEquals("gateway.busy", busy.type());
            assertEquals("overloaded", new JsonObject(busy.data()).getString("reason"));
            assertTrue(streams.size() >= 5, "only " + streams.size() + " streams");
            HttpResponse<String> other = get(node, "/api/sse/sessions");
            assertEquals(503, other.statusCode());
            assertEquals("5", other.headers().firstValue("Retry-After").orElse(""));
            assertEquals("overloaded", new JsonObject(other.body()).getString("code"));
            assertEquals(200, get(node, "/api/events?since=oldest").statusCode());
            assertAllReceive(node, streams, "first");

            for (int i = 0; i < 400; i++) {
                flood.add(new Socket(InetAddress.getLoopbackAddress(), node.port()));
            }
            assertAllReceive(node, streams, "second");
            Duration before = node.process().info().totalCpuDuration().orElseThrow();
            assertAllReceive(node, streams, "third");
            long from = System.nanoTime();
            while (System.nanoTime() - from < Duration.ofSeconds(2).toNanos()) {
                streams.get(0).arrived();
                Thread.onSpinWait();
            }
            Duration used =
                    node.process().info().totalCpuDuration().orElseThrow().minus(before);
            assertTrue(used.compareTo(Duration.ofMillis(1500)) < 0, "the process spins, it used " + used);

            closeAll(flood);
            closeAll(streams);
            awaitAccepted(node);
            node.signal("TERM");
            assertEquals(0, node.awaitExit());
        } finally {
            closeAll(flood);
            closeAll(streams);
        }
    }

    @Test
    @Needs("kill")
    void aFloodOfLargeBodiesOnASmallHeapIsRefusedInPartAndKillsNothing() throws Exception {
        Map<Integer, Integer> answers = new ConcurrentHashMap<>();
        ExecutorService publishers = Executors.newFixedThreadPool(32);
        try (ChildNode node = ChildNode.start(
                        folder,
                        ":",
                        List.of("-Xmx48m", "-XX:+UseSerialGC", "-XX:+ExitOnOutOfMemoryError"),
                        "--set",
                        "journal.recent-bytes=2MiB");
                TestStream stream = node.stream("/api/events?topics=small")) {
            String large = "x".repeat(900_000);
            List<Future<?>> publishing = new ArrayList<>();
            for (int i = 0; i < 160; i++) {
                publishing.add(publishers.submit(() -> {
                    answers.merge(publish(node, "large", large), 1, Integer::sum);
                    return null;
                }));
            }
            for (Future<?> each : publishing) {
                each.get(120, TimeUnit.SECONDS);
            }
            assertTrue(answers.getOrDefault(200, 0) > 0, answers.toString());
            assertTrue(answers.getOrDefault(503, 0) > 0, answers.toString());
            assertEquals(Set.of(200, 503), answers.keySet(), answers.toString());
            assertEquals(200, publish(node, "small", "-"));
            assertEquals("t", stream.next().type());
            node.signal("TERM");
            assertEquals(0, node.awaitExit());
        } finally {
            publishers.shutdownNow();
        }
    }

    @Test
    @Needs("kill")
    void whileCollectionsLeaveTheHeapFullStreamsAndLargeBodiesAreRefused() throws Exception {
        // The heap is so large that garbage is collected only when this test requests it.
        List<String> largeHeap = List.of("-Xmx384m", "-Xmn256m", "-XX:MetaspaceSize=128m", "-XX:+UseSerialGC");
        try (ChildNode node = ChildNode.start(folder, ":", largeHeap, "--set", "overload.heap=1")) {
            assertEquals(200, publish(node, "small", "-"));
            try (TestStream stream = openWhenAccepted(node)) {
                collect(node);
                assertEquals(List.of(), refusal(node).rest());
                node.awaitLog("event=overload-began resource=heap");
                collect(node);
                assertEquals(503, publish(node, "large", "x".repeat(20_000)));
                assertEquals(200, publish(node, "small", "-"));
                assertEquals("t", stream.next().type());
                awaitPublished(node, "x".repeat(20_000));
                node.awaitLog("event=overload-ended resource=heap");
            }
        }
    }

    /** Opens a stream and reads its first event. Retries while the node still reports overload. */
    private static TestStream openWhenAccepted(ChildNode node) throws Exception {
        for (long deadline = System.nanoTime() + TIMEOUT.toNanos(); ; ) {
            TestStream stream = node.stream("/api/events?since=oldest");
            String first = stream.next().type();
            if (!first.equals("gateway.busy")) {
                assertEquals("gateway.resume", first);
                assertEquals("t", stream.next().type());
                return stream;
            }
            stream.close();
            assertTrue(System.nanoTime() < deadline, "the node does not accept streams");
            Thread.sleep(100);
        }
    }

    /** Opens streams until one gets {@code gateway.busy}, because the node detects overload with a delay. */
    private static TestStream refusal(ChildNode node) throws Exception {
        for (long deadline = System.nanoTime() + TIMEOUT.toNanos(); ; ) {
            TestStream stream = node.stream("/api/events?since=oldest");
            if (stream.next().type().equals("gateway.busy")) {
                return stream;
            }
            stream.close();
            assertTrue(System.nanoTime() < deadline, "the node does not refuse streams");
            Thread.sleep(100);
        }
    }

    private void awaitPublished(ChildNode node, String data) throws Exception {
        for (long deadline = System.nanoTime() + TIMEOUT.toNanos(); publish(node, "large", data) != 200; ) {
            assertTrue(System.nanoTime() < deadline, "the node still refuses");
            Thread.sleep(100);
        }
    }

    /** Opens streams until one is refused. Returns the first message of that one. */
    private static Message openUntilRefused(ChildNode node, List<TestStream> streams) throws Exception {
        for (int i = 0; i < 300; i++) {
            TestStream stream = node.stream("/api/events?topics=t&since=oldest");
            Message first = stream.next();
            if (first.type().equals("gateway.busy")) {
                stream.close();
                return first;
            }
            streams.add(stream);
        }
        throw new AssertionError("no stream was refused");
    }

    private void assertAllReceive(ChildNode node, List<TestStream> streams, String data) throws Exception {
        assertEquals(200, publish(node, "t", data));
        for (TestStream stream : streams) {
            assertEquals('"' + data + '"', stream.next().data());
        }
    }

    private static void awaitAccepted(ChildNode node) throws Exception {
        long deadline = System.nanoTime() + TIMEOUT.toNanos();
        boolean accepted = false;
        while (!accepted) {
            assertTrue(System.nanoTime() < deadline, "the node does not accept streams again");
            try (TestStream stream = node.stream("/api/events?since=oldest&topics=t")) {
                accepted = !stream.next().type().equals("gateway.busy");
            } catch (IOException closedAtOnce) {
                Thread.onSpinWait();
            }
        }
    }

    private static void collect(ChildNode node) throws Exception {
        String jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
        Process process = new ProcessBuilder(jcmd, Long.toString(node.process().pid()), "GC.run").start();
        process.getInputStream().readAllBytes();
        assertEquals(0, process.waitFor());
    }

    private int publish(ChildNode node, String topic, String data) throws Exception {
        HttpRequest request = request(node, "/api/events")
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString("{\"topic\":\"" + topic + "\",\"type\":\"t\",\"data\":\"" + data + "\"}"))
                .build();
        return client.send(request, BodyHandlers.ofString()).statusCode();
    }

    private HttpResponse<String> get(ChildNode node, String path) throws Exception {
        return client.send(request(node, path).build(), BodyHandlers.ofString());
    }

    private static HttpRequest.Builder request(ChildNode node, String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + node.port() + path))
                .timeout(TIMEOUT)
                .header("Authorization", "Bearer " + node.publisher());
    }

    private static void closeAll(List<? extends AutoCloseable> all) throws Exception {
        for (AutoCloseable each : all) {
            each.close();
        }
        all.clear();
    }
}
