package io.tidegate.edge.netty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidegate.fixture.RawClient;
import io.tidegate.fixture.TestNode;
import io.tidegate.fixture.TestSettings;
import io.tidegate.proxy.origin.Origin;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Tests the trailers of a request that passes through a complete node. */
@ExtendWith(VertxExtension.class)
class TrailersTest {

    private static final String LAST = "\r\n0\r\nDigest: sha-256=x\r\n\r\n";

    @Test
    void trailersOfARequestReachItsOriginAndThoseThatConnectionNamesDoNot(Vertx vertx, @TempDir Path data)
            throws Exception {
        CompletableFuture<String> received = new CompletableFuture<>();
        int port = vertx.createNetServer()
                .connectHandler(socket -> {
                    StringBuilder all = new StringBuilder();
                    socket.handler(bytes -> {
                        all.append(bytes);
                        if (all.indexOf("\r\n0\r\n") > 0 && all.toString().endsWith("\r\n\r\n")) {
                            received.complete(all.toString());
                            socket.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
                        }
                    });
                })
                .listen(0, "127.0.0.1")
                .await(20, TimeUnit.SECONDS)
                .actualPort();
        List<Origin> origins = List.of(new Origin("/", URI.create("http://127.0.0.1:" + port)));
        try (TestNode node =
                        TestNode.start(TestSettings.in(data).origins(origins).build());
                RawClient client = new RawClient(node.port())) {
            client.send(
                    """
                    POST /upload HTTP/1.1\r
                    Host: a\r
                    Transfer-Encoding: chunked\r
                    Trailer: Digest\r
                    Connection: X-Hop\r
                    \r
                    4\r
                    body\r
                    0\r
                    Digest: sha-256=x\r
                    X-Hop: 1\r
                    \r
                    """);
            assertEquals("ok", client.response().body());
            String request = received.get(20, TimeUnit.SECONDS);
            assertTrue(request.endsWith("4\r\nbody" + LAST), request);
        }
    }
}
