package io.tidegate.proxy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidegate.fixture.Sockets;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import java.net.Socket;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests whether a connection to an origin carries another request after a response with given connection options. */
@ExtendWith(VertxExtension.class)
class ConnectionReuseTest {

    private static final int REQUESTS = 3;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 200 OK\r\nConnection: close",
                "HTTP/1.1 200 OK\r\nConnection: X-Foo, close",
                "HTTP/1.1 200 OK\r\nConnection: keep-alive, Close",
                "HTTP/1.1 200 OK\r\nConnection: X-Foo\r\nConnection: close",
                "HTTP/1.0 200 OK\r\nConnection: X-Foo"
            })
    void anOriginThatAsksToCloseGetsNoOtherRequestOnTheConnection(String head, Vertx vertx) throws Exception {
        assertEquals(REQUESTS, connections(head, vertx));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 200 OK",
                "HTTP/1.1 200 OK\r\nConnection: X-Close, X-Foo",
                "HTTP/1.0 200 OK\r\nConnection: X-Foo, keep-alive"
            })
    void otherConnectionsAreUsedAgain(String head, Vertx vertx) throws Exception {
        assertEquals(1, connections(head, vertx));
    }

    /**
     * Sends the requests one after the other, and returns the number of connections on which the origin received them.
     */
    private static int connections(String head, Vertx vertx) throws Exception {
        AtomicInteger connections = new AtomicInteger();
        int port = vertx.createNetServer()
                .connectHandler(socket -> {
                    connections.incrementAndGet();
                    socket.handler(request -> socket.write(head + "\r\nContent-Length: 2\r\nX-Foo: gone\r\n\r\nok"));
                })
                .listen(0, "127.0.0.1")
                .await(10, TimeUnit.SECONDS)
                .actualPort();
        ProxyServer gateway = new ProxyServer(vertx).origin("/", port).start();
        try (Socket client = gateway.socket()) {
            for (int i = 0; i < REQUESTS; i++) {
                Sockets.send(client, "GET / HTTP/1.1\r\nHost: a\r\n\r\n");
                String answer = Sockets.readUntil(client, "ok");
                assertTrue(answer.startsWith("HTTP/1.1 200 "), answer);
                assertEquals(head.contains("X-Foo"), !answer.contains("X-Foo"), answer);
            }
        }
        return connections.get();
    }
}
