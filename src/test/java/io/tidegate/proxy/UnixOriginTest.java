package io.tidegate.proxy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidegate.fixture.TestOrigin;
import io.tidegate.proxy.origin.Origin;
import io.tidegate.proxy.origin.Origin.HostPolicy;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.net.SocketAddress;
import io.vertx.junit5.VertxExtension;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Tests an origin that listens on a Unix socket. */
@Timeout(60)
@ExtendWith(VertxExtension.class)
class UnixOriginTest {

    private final HttpClient client = HttpClient.newHttpClient();
    private final Path socket;
    private ProxyServer gateway;
    private HttpServer service;

    UnixOriginTest(@TempDir Path folder) {
        socket = folder.resolve("app.sock");
    }

    @BeforeEach
    void listen(Vertx vertx) throws Exception {
        gateway = new ProxyServer(vertx);
        service = vertx.createHttpServer()
                .requestHandler(request -> request.body().onSuccess(body -> request.response()
                        .putHeader("Location", "http://localhost/next")
                        .end(request.method() + " " + request.getHeader("Host") + " " + body.length())))
                .webSocketHandler(opened -> opened.textMessageHandler(text -> opened.writeTextMessage("re: " + text)));
        service.listen(SocketAddress.domainSocketAddress(socket.toString())).await(10, TimeUnit.SECONDS);
    }

    @Test
    void requestsAndBodiesReachIt() throws Exception {
        gateway.origin(origin()).start();
        for (int i = 0; i < 2; i++) {
            HttpRequest upload = HttpRequest.newBuilder(gateway.uri("/"))
                    .POST(BodyPublishers.ofByteArray(new byte[1 << 20]))
                    .build();
            assertEquals(
                    "POST 127.0.0.1:" + gateway.port() + " " + (1 << 20),
                    client.send(upload, BodyHandlers.ofString()).body());
        }
    }

    @Test
    void itsOwnHostIsLocalhost() throws Exception {
        gateway.origin(TestOrigin.passing(origin(), true, HostPolicy.ORIGIN)).start();
        HttpResponse<String> response = get();
        assertEquals("GET localhost 0", response.body());
        assertEquals("/next", response.headers().firstValue("Location").orElse(""));
    }

    @Test
    void webSocketsReachIt(Vertx vertx) throws Exception {
        gateway.origin(origin()).start();
        WebSocketClient webSockets = vertx.createWebSocketClient();
        WebSocket opened =
                webSockets.connect(gateway.port(), "127.0.0.1", "/ws").await(10, TimeUnit.SECONDS);
        CompletableFuture<String> received = new CompletableFuture<>();
        opened.textMessageHandler(received::complete);
        opened.writeTextMessage("hello");
        assertEquals("re: hello", received.get(10, TimeUnit.SECONDS));
    }

    @Test
    void aSocketThatNobodyListensOnIsUnreachable() throws Exception {
        service.close().await(10, TimeUnit.SECONDS);
        gateway.origin(origin()).start();
        HttpResponse<String> response = get();
        assertEquals(502, response.statusCode());
        assertTrue(response.body().contains("origin-unreachable"), response.body());
    }

    private Origin origin() {
        return new Origin("/", URI.create("unix:" + socket));
    }

    private HttpResponse<String> get() throws Exception {
        return client.send(HttpRequest.newBuilder(gateway.uri("/")).build(), BodyHandlers.ofString());
    }
}
