package io.tidegate.fault;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidegate.access.Role;
import io.tidegate.fixture.EventStreamParser.Message;
import io.tidegate.fixture.TestStream;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests that kill the gateway while a recipe runs. */
class DeployFaultTest {

    private static final int LINES_BEFORE = 12;

    @TempDir
    private Path folder;

    @Test
    void theLogOfADeploySurvivesAKillWhole() throws Exception {
        int rounds = Kit.size("deploys", 2, 3);
        int lines = 0;
        try (NodeProcess node =
                new NodeProcess(folder).configured(configuration()).start()) {
            String bearer = "Authorization: Bearer " + node.token(Role.PUBLISHER);
            for (int round = 0; round < rounds; round++) {
                lines += killInTheMiddle(node, bearer);
            }
            finished(node, bearer);
        }
        Kit.report(
                "deploy logs over kill -9", Findings.NONE, "deploys=" + rounds + " lines=" + lines + " after-end=204");
    }

    private int killInTheMiddle(NodeProcess node, String bearer) throws Exception {
        String path = "/api/deploys/" + start(node, "slow") + "/logs";
        List<String> seen = new ArrayList<>();
        String last = "";
        try (TestStream stream = TestStream.open(node.port(), path, bearer)) {
            while (seen.size() < LINES_BEFORE) {
                Message message = stream.next();
                last = message.lastEventId();
                line(message).ifPresent(seen::add);
            }
            node.kill();
            for (Message message : stream.rest()) {
                last = message.lastEventId();
                line(message).ifPresent(seen::add);
            }
        }
        node.start();
        List<Message> resumed;
        try (TestStream stream = TestStream.open(node.port(), path, bearer, "Last-Event-ID: " + last)) {
            resumed = stream.rest();
        }
        resumed.forEach(message -> line(message).ifPresent(seen::add));
        List<Message> whole;
        try (TestStream stream = TestStream.open(node.port(), path, bearer)) {
            whole = stream.rest();
        }
        List<String> all = new ArrayList<>();
        whole.forEach(message -> line(message).ifPresent(all::add));
        assertEquals(all, seen, "the log that a reader saw across the kill must be the whole log");
        assertEquals(
                IntStream.rangeClosed(1, all.size()).mapToObj(n -> "line " + n).toList(), all);
        JsonObject end = new JsonObject(whole.get(whole.size() - 1).data());
        assertEquals("deploy_status", end.getString("type"));
        assertEquals("failed", end.getJsonObject("payload").getString("status"));
        assertEquals("interrupted", end.getJsonObject("payload").getString("reason"));
        return all.size();
    }

    /**
     * Checks that a reader that has seen the end of a deploy gets a 204 when it reconnects, even to the next process.
     */
    private static void finished(NodeProcess node, String bearer) throws Exception {
        String path = "/api/deploys/" + start(node, "quick") + "/logs";
        String last;
        try (TestStream stream = TestStream.open(node.port(), path, bearer)) {
            List<Message> all = stream.rest();
            last = all.get(all.size() - 1).lastEventId();
        }
        node.kill();
        node.start();
        try (TestStream again = TestStream.open(node.port(), path, bearer, "Last-Event-ID: " + last)) {
            assertEquals(204, again.status());
        }
    }

    private static Optional<String> line(Message message) {
        JsonObject data = new JsonObject(message.data());
        return "deploy_log".equals(data.getString("type"))
                ? Optional.of(data.getJsonObject("payload").getString("line"))
                : Optional.empty();
    }

    private static String start(NodeProcess node, String recipe) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + node.port() + "/api/deploys"))
                .header("Content-Type", "application/json")
                .header("Authorization", "Bearer " + node.token(Role.PUBLISHER))
                .POST(BodyPublishers.ofString("{\"recipe\":\"" + recipe + "\"}"))
                .build();
        String response = HttpClient.newHttpClient()
                .send(request, BodyHandlers.ofString())
                .body();
        return new JsonObject(response).getString("id");
    }

    private Path configuration() throws Exception {
        script("slow", "i=0; while [ $i -lt 600 ]; do i=$((i + 1)); echo \"line $i\"; sleep 0.05; done");
        script("quick", "echo one; echo two");
        return Files.writeString(
                folder.resolve("tidegate.yaml"),
                """
                deploys:
                  default-recipe: quick
                  recipes:
                    slow:
                      command: [%1$s/slow.sh]
                      time-limit: 1m
                    quick:
                      command: [%1$s/quick.sh]
                      time-limit: 1m
                """
                        .formatted(folder));
    }

    private void script(String name, String body) throws Exception {
        Path file = Files.writeString(folder.resolve(name + ".sh"), "#!/bin/sh\n" + body + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
        assertTrue(Files.isExecutable(file));
    }
}
