package io.tidegate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The gateway behind a real nginx with the configuration of this repository; only the two ports are changed. */
@Needs("nginx")
class NginxTest {

    @TempDir
    private Path folder;

    private TestNode node;
    private int port;
    private Process nginx;

    @BeforeEach
    void start() throws Exception {
        node = TestNode.start(folder.resolve("data"));
        port = freePort();
        String site = Files.readString(Path.of("nginx/tidegate.conf"))
                .replace("server 127.0.0.1:8080;", "server 127.0.0.1:" + node.port() + ";")
                .replace("listen 80;", "listen 127.0.0.1:" + port + ";");
        Files.writeString(folder.resolve("tidegate.conf"), site);
        Files.writeString(
                folder.resolve("nginx.conf"),
                """
                daemon off;
                master_process off;
                pid %1$s/nginx.pid;
                error_log %1$s/error.log;
                events {}
                http { include %1$s/tidegate.conf; access_log %1$s/access.log tidegate; }
                """
                        .formatted(folder));
        nginx = run("-c", folder.resolve("nginx.conf").toString());
        awaitPort();
    }

    @AfterEach
    void stop() throws Exception {
        node.close();
        nginx.destroy();
        assertTrue(nginx.waitFor(20, TimeUnit.SECONDS));
    }

    @Test
    void theConfigurationIsAccepted() throws Exception {
        Process check = run("-t", "-c", folder.resolve("nginx.conf").toString());
        assertTrue(check.waitFor(20, TimeUnit.SECONDS));
        assertEquals(0, check.exitValue());
    }

    @Test
    void aStreamPassesEventByEventAndResumes() throws Exception {
        String id;
        try (TestStream stream = TestStream.open(port, "/api/events?topics=demo", node.viewer())) {
            assertEquals(200, stream.status());
            stream.awaitBody("retry: ");
            node.publish("demo", "tick", "1");
            assertEquals("1", stream.next().data());
            id = stream.lastEventId();
        }
        node.publish("demo", "tick", "2");
        try (TestStream stream =
                TestStream.open(port, "/api/events?topics=demo", node.viewer(), "Last-Event-ID: " + id)) {
            assertEquals("gateway.resume", stream.next().type());
            assertEquals("2", stream.next().data());
        }
    }

    @Test
    void whileTheGatewayIsAwayAStreamIsToldToComeBackAndOthersGetTheStatus() throws Exception {
        node.close();
        node = TestNode.start(folder.resolve("elsewhere")); // on another port, to be closed at the end
        try (RawClient client = new RawClient(port)) {
            client.send("GET /api/sse/sessions HTTP/1.1\r\nHost: a\r\nAccept: text/event-stream\r\n\r\n");
            RawClient.Answer answer = client.answer();
            assertEquals(200, answer.status());
            assertEquals("text/event-stream; charset=utf-8", answer.header("Content-Type"));
            assertTrue(answer.body().matches("retry: [2-4][0-9]{3}\n\n"), answer.body());
        }
        try (RawClient client = new RawClient(port)) {
            client.send("GET /api/events HTTP/1.1\r\nHost: a\r\nAccept: application/json\r\n\r\n");
            assertEquals(503, client.answer().status());
        }
    }

    @Test
    void aTicketIsNotInTheLogOfItsFormat() throws Exception {
        String ticket = node.gateway().ticket();
        try (TestStream stream = TestStream.open(port, "/api/events?ticket=" + ticket)) {
            assertEquals(200, stream.status());
        }
        try (RawClient client = new RawClient(port)) {
            client.send("GET /?ticket=" + ticket + " HTTP/1.1\r\nHost: a\r\nAccept: text/html\r\n\r\n");
            assertEquals(303, client.head().status());
        }
        nginx.destroy();
        assertTrue(nginx.waitFor(20, TimeUnit.SECONDS));
        String log = Files.readString(folder.resolve("access.log"));
        assertTrue(log.contains("\"GET /api/events HTTP/1.1\" 200"), log);
        assertFalse(log.contains("tide-"), log);
    }

    private Process run(String... arguments) throws IOException {
        ProcessBuilder builder =
                new ProcessBuilder(Programs.find("nginx").orElseThrow().toString(), "-p", folder.toString());
        builder.command().addAll(List.of(arguments));
        return builder.redirectErrorStream(true)
                .redirectOutput(folder.resolve("nginx.out").toFile())
                .start();
    }

    private void awaitPort() throws Exception {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (true) {
            try (Socket probe = new Socket(InetAddress.getLoopbackAddress(), port)) {
                return;
            } catch (IOException notYet) {
                if (System.nanoTime() > deadline || !nginx.isAlive()) {
                    throw new AssertionError(Files.readString(folder.resolve("nginx.out")), notYet);
                }
                Thread.onSpinWait();
            }
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return free.getLocalPort();
        }
    }
}
