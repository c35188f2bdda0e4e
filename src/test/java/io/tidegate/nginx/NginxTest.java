package io.tidegate.nginx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidegate.fixture.Needs;
import io.tidegate.fixture.RawClient;
import io.tidegate.fixture.TestNginx;
import io.tidegate.fixture.TestNode;
import io.tidegate.fixture.TestStream;
import io.tidegate.http.HttpOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests the gateway behind a real nginx with the configuration of this repository; only the two ports are changed. */
@Needs("nginx")
class NginxTest {

    @TempDir
    private Path folder;

    private TestNode node;
    private TestNginx nginx;

    @BeforeEach
    void start() throws Exception {
        node = TestNode.start(folder.resolve("data"));
        nginx = TestNginx.inFrontOf(node.port(), folder);
    }

    @AfterEach
    void stop() throws Exception {
        node.close();
        nginx.close();
    }

    @Test
    void theConfigurationIsAccepted() throws Exception {
        assertTrue(nginx.acceptsConfiguration());
    }

    @Test
    void itReplacesEveryFieldThatTheGatewayTrusts() throws Exception {
        String file = Files.readString(Path.of("nginx/tidegate.conf"));
        HttpOptions.DEFAULTS
                .trustedFields()
                .forEach(name -> assertTrue(file.contains("    proxy_set_header " + name + " "), name));
    }

    @Test
    void aStreamPassesEventByEventAndResumes() throws Exception {
        String id;
        try (TestStream stream = TestStream.open(nginx.port(), "/api/events?topics=demo", node.viewer())) {
            assertEquals(200, stream.status());
            stream.awaitBody("retry: ");
            node.publish("demo", "tick", "1");
            assertEquals("1", stream.next().data());
            id = stream.lastEventId();
        }
        node.publish("demo", "tick", "2");
        try (TestStream stream =
                TestStream.open(nginx.port(), "/api/events?topics=demo", node.viewer(), "Last-Event-ID: " + id)) {
            assertEquals("gateway.resume", stream.next().type());
            assertEquals("2", stream.next().data());
        }
    }

    @Test
    void whileTheGatewayIsAwayAStreamIsToldToComeBackAndOthersGetTheStatus() throws Exception {
        node.close();
        node = TestNode.start(folder.resolve("elsewhere")); // it uses another port; stop() closes it
        try (RawClient client = new RawClient(nginx.port())) {
            client.send("GET /api/sse/sessions HTTP/1.1\r\nHost: a\r\nAccept: text/event-stream\r\n\r\n");
            RawClient.Answer answer = client.response();
            assertEquals(200, answer.status());
            assertEquals("text/event-stream; charset=utf-8", answer.header("Content-Type"));
            assertTrue(answer.body().matches("retry: [2-4][0-9]{3}\n\n"), answer.body());
        }
        Set<String> times = new HashSet<>();
        for (int i = 0; i < 20; i++) {
            try (RawClient client = new RawClient(nginx.port())) {
                client.send("GET /events/1 HTTP/1.1\r\nHost: a\r\nAccept: text/event-stream\r\n\r\n");
                times.add(client.response().body());
            }
        }
        assertTrue(times.size() > 10, times::toString);
        try (RawClient client = new RawClient(nginx.port())) {
            client.send("GET /api/events HTTP/1.1\r\nHost: a\r\nAccept: application/json\r\n\r\n");
            assertEquals(503, client.response().status());
        }
    }

    @Test
    void aTicketIsNotInTheLogOfItsFormat() throws Exception {
        String ticket = node.gateway().ticket();
        try (TestStream stream = TestStream.open(nginx.port(), "/api/events?ticket=" + ticket)) {
            assertEquals(200, stream.status());
        }
        try (RawClient client = new RawClient(nginx.port())) {
            client.send("GET /?ticket=" + ticket + " HTTP/1.1\r\nHost: a\r\nAccept: text/html\r\n\r\n");
            assertEquals(303, client.head().status());
        }
        nginx.close();
        String log = Files.readString(folder.resolve("access.log"));
        assertTrue(log.contains("\"GET /api/events HTTP/1.1\" 200"), log);
        assertFalse(log.contains("tide-"), log);
    }
}
