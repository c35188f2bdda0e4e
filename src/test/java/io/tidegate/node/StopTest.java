package io.tidegate.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidegate.fixture.ChildNode;
import io.tidegate.fixture.EventStreamParser.Message;
import io.tidegate.fixture.Needs;
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
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Tests the shutdown of a node that runs as a child process under load. */
@Timeout(120)
@Needs("kill")
class StopTest {

    private static final Duration LONGEST = Duration.ofSeconds(30);

    private final Path folder;
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    StopTest(@TempDir Path folder) {
        this.folder = folder;
    }

    /** Configures one recipe, which ignores SIGTERM and prints its process id. */
    @BeforeEach
    void configure() throws IOException {
        Files.createDirectories(folder.resolve("conf"));
        Files.writeString(
                folder.resolve("conf/tidegate.yaml"),
                """
                deploys:
                  recipes:
                    stubborn:
                      command: [sh, -c, "trap '' TERM; echo $$; while :; do sleep 1; done"]
                      time-limit: 10m
                  default-recipe: stubborn
                """);
    }

    @Test
    void whatWasAcknowledgedIsKeptWhatRunsIsEndedAndTheExitCodeIsZeroWithinHalfAMinute() throws Exception {
        AtomicInteger acknowledged = new AtomicInteger();
        String deploy;
        long program;
        ExecutorService publishers = Executors.newFixedThreadPool(4);
        try (ChildNode node = ChildNode.start(folder, ":", List.of());
                TestStream everything = node.stream("/api/events?topics=other")) {
            deploy = startDeploy(node);
            program = program(node, deploy);
            List<Future<Void>> publishing = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                publishing.add(publishers.submit(publishUntilRefused(node, acknowledged)));
            }
            List<Message> seen = new ArrayList<>(everything.next(20));
            long began = System.nanoTime();
            node.signal("TERM");
            assertEquals(0, node.awaitExit());
            assertTrue(System.nanoTime() - began < LONGEST.toNanos());
            for (Future<Void> each : publishing) {
                each.get(20, TimeUnit.SECONDS);
            }
            seen.addAll(everything.rest());
            assertEquals("gateway.goodbye", seen.get(seen.size() - 1).type());
        } finally {
            publishers.shutdownNow();
        }
        assertFalse(ProcessHandle.of(program).map(ProcessHandle::isAlive).orElse(false));
        try (ChildNode again = ChildNode.start(folder, ":", List.of())) {
            JsonObject after = json(again, "/api/deploys/" + deploy + "/logs");
            assertTrue(after.encode().contains("\"reason\":\"shutdown\""), after.encode());
            JsonArray kept = json(again, "/api/events?topics=other&since=oldest&limit=1000")
                    .getJsonArray("events");
            assertTrue(kept.size() >= acknowledged.get(), kept.size() + " of " + acknowledged);
            assertTrue(acknowledged.get() >= 20);
            again.signal("TERM");
            assertEquals(0, again.awaitExit());
        }
    }

    @Test
    void aSecondSignalEndsItAtOnceWithADeployThatRuns() throws Exception {
        try (ChildNode node = ChildNode.start(folder, ":", List.of())) {
            long program = program(node, startDeploy(node));
            node.signal("TERM");
            node.awaitLog("event=stopping");
            node.signal("TERM");
            assertEquals(143, node.awaitExit());
            // The program has two seconds to exit by itself. It is still running, so the gateway did not wait for it.
            assertTrue(ProcessHandle.of(program).orElseThrow().destroyForcibly());
        }
    }

    private String startDeploy(ChildNode node) throws Exception {
        HttpResponse<String> answer = post(node, "/api/deploys", "{\"recipe\":\"stubborn\"}");
        assertEquals(201, answer.statusCode(), answer.body());
        return new JsonObject(answer.body()).getString("id");
    }

    /** Returns the process id, which is the first line of the deploy. */
    private static long program(ChildNode node, String deploy) throws Exception {
        try (TestStream lines = node.stream("/api/deploys/" + deploy + "/logs")) {
            for (; ; ) {
                JsonObject message = new JsonObject(lines.next().data());
                if (message.getString("type").equals("deploy_log")) {
                    return Long.parseLong(message.getJsonObject("payload").getString("line"));
                }
            }
        }
    }

    /** Publishes events until the node accepts no more connections, and counts the responses with status 200. */
    private Callable<Void> publishUntilRefused(ChildNode node, AtomicInteger acknowledged) {
        return () -> {
            for (int i = 0; i < 200; i++) {
                try {
                    if (post(node, "/api/events", "{\"topic\":\"other\",\"type\":\"n\",\"data\":" + i + "}")
                                    .statusCode()
                            == 200) {
                        acknowledged.incrementAndGet();
                    }
                } catch (IOException gone) {
                    return null;
                }
            }
            return null;
        };
    }

    private JsonObject json(ChildNode node, String path) throws Exception {
        HttpResponse<String> answer = client.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + node.port() + path))
                        .header("Authorization", "Bearer " + node.publisher())
                        .build(),
                BodyHandlers.ofString());
        assertEquals(200, answer.statusCode(), answer.body());
        return new JsonObject(answer.body());
    }

    private HttpResponse<String> post(ChildNode node, String path, String body) throws Exception {
        return client.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + node.port() + path))
                        .timeout(Duration.ofSeconds(20))
                        .header("Authorization", "Bearer " + node.publisher())
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofString(body))
                        .build(),
                BodyHandlers.ofString());
    }
}
