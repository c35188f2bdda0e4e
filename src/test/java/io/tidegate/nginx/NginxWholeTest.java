package io.tidegate.nginx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidegate.adapter.grip.GripOptions;
import io.tidegate.fixture.Needs;
import io.tidegate.fixture.TestCertificate;
import io.tidegate.fixture.TestNginx;
import io.tidegate.fixture.TestNode;
import io.tidegate.fixture.TestSettings;
import io.tidegate.fixture.TestStream;
import io.tidegate.proxy.origin.Origin;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.junit5.VertxExtension;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Tests the complete configuration of nginx: TLS, and a service that has its own streams. */
@Needs("nginx")
@Timeout(120)
@SuppressWarnings("NullAway.Init") // the fields are set before each test
@ExtendWith(VertxExtension.class)
class NginxWholeTest {

    @TempDir
    private Path folder;

    private final BlockingQueue<HttpServerResponse> streams = new LinkedBlockingQueue<>();
    private final int plain = TestNginx.freePort();
    private HttpServer service;
    private SSLContext trusting;
    private HttpClient browser;
    private TestNode node;
    private TestNginx nginx;

    NginxWholeTest() throws Exception {}

    @BeforeEach
    void start(Vertx vertx) throws Exception {
        service = vertx.createHttpServer()
                .requestHandler(this::stream)
                .listen(0, "127.0.0.1")
                .await(20, TimeUnit.SECONDS);
        Origin origin = new Origin("/stream", URI.create("http://127.0.0.1:" + service.actualPort()));
        node = TestNode.start(TestSettings.in(folder.resolve("data"))
                .origins(origin)
                .grip(new GripOptions(true, "pushpin", ""))
                .build());
        TestCertificate certificate = TestCertificate.make("EC");
        nginx = TestNginx.whole(node.port(), folder, plain, certificate);
        trusting = TestCertificate.trusting(certificate);
        browser = HttpClient.newBuilder().sslContext(trusting).build();
    }

    @AfterEach
    void stop() throws Exception {
        nginx.close();
        node.close();
    }

    @Test
    void everyLineOfItIsAccepted() throws Exception {
        assertTrue(nginx.acceptsConfiguration());
    }

    @Test
    void browsersAreSentToTlsAndServedOverHttp2() throws Exception {
        HttpResponse<String> sent = get("http://localhost:" + plain + "/health?a=b");
        assertEquals(301, sent.statusCode());
        assertEquals(
                "https://localhost/health?a=b",
                sent.headers().firstValue("Location").orElse(""));
        HttpResponse<String> health = get("https://localhost:" + nginx.port() + "/health");
        assertEquals(HttpClient.Version.HTTP_2, health.version());
        assertEquals("{\"status\":\"UP\"}", health.body());
        assertTrue(health.headers().firstValue("Strict-Transport-Security").isPresent());
    }

    @Test
    void aStreamPassesEventByEventByTls() throws Exception {
        try (TestStream stream = TestStream.open(connect(), "/api/events?topics=demo", node.viewer())) {
            stream.awaitBody("retry: ");
            node.publish("demo", "tick", "1");
            assertEquals("1", stream.next().data());
            node.publish("demo", "tick", "2");
            assertEquals("2", stream.next().data());
        }
    }

    @Test
    void aStreamOfTheServicePassesEventByEventAndComesBackWhileTheServiceIsAway() throws Exception {
        try (TestStream stream = TestStream.open(connect(), "/stream/own")) {
            HttpServerResponse own = streams.poll(20, TimeUnit.SECONDS);
            own.write("data: 1\n\n");
            assertEquals("1", stream.next().data());
            own.write("data: 2\n\n");
            assertEquals("2", stream.next().data());
        }
        service.close().await(20, TimeUnit.SECONDS);
        try (TestStream stream = TestStream.open(connect(), "/stream/own")) {
            assertEquals(200, stream.status());
            assertEquals("text/event-stream; charset=utf-8", stream.header("Content-Type"));
            stream.awaitBody("retry: ");
        }
        HttpResponse<String> other = get("https://localhost:" + nginx.port() + "/stream/own");
        assertEquals(503, other.statusCode());
        assertEquals("2", other.headers().firstValue("Retry-After").orElse(""));
    }

    @Test
    void aStreamThatTheServiceHandsOverPassesEventByEvent() throws Exception {
        try (TestStream stream = TestStream.open(connect(), "/stream/held")) {
            assertEquals("welcome", stream.next().data());
            for (String data : List.of("1", "2")) {
                publish("data: " + data + "\\n\\n");
                assertEquals(data, stream.next().data());
            }
        }
    }

    private void publish(String content) throws Exception {
        String item =
                "{\"items\":[{\"channel\":\"held\",\"formats\":{\"http-stream\":{\"content\":\"" + content + "\"}}}]}";
        URI target = URI.create("http://127.0.0.1:" + node.managementPort() + "/publish/");
        HttpRequest request = HttpRequest.newBuilder(target)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(item))
                .build();
        assertEquals(200, browser.send(request, BodyHandlers.ofString()).statusCode());
    }

    private void stream(HttpServerRequest request) {
        if (request.path().endsWith("/held")) {
            request.response()
                    .putHeader("Content-Type", "text/event-stream")
                    .putHeader("Grip-Hold", "stream")
                    .putHeader("Grip-Channel", "held")
                    .end("data: welcome\n\n");
            return;
        }
        HttpServerResponse own = request.response().setChunked(true);
        own.putHeader("Content-Type", "text/event-stream").writeHead();
        streams.add(own);
    }

    private Socket connect() throws Exception {
        return trusting.getSocketFactory().createSocket("localhost", nginx.port());
    }

    private HttpResponse<String> get(String url) throws Exception {
        return browser.send(HttpRequest.newBuilder(URI.create(url)).build(), BodyHandlers.ofString());
    }
}
