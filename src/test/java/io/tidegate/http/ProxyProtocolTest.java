package io.tidegate.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidegate.edge.connection.ConnectionLimits;
import io.tidegate.edge.tls.TlsOptions;
import io.tidegate.fixture.RawClient;
import io.tidegate.fixture.TestNode;
import io.tidegate.fixture.TestOrigin;
import io.tidegate.fixture.TestSettings;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests connections that begin with the PROXY protocol. */
@Timeout(60)
@ExtendWith(VertxExtension.class)
class ProxyProtocolTest {

    private static final String REQUEST = "GET /origin HTTP/1.1\r\nHost: a\r\n\r\n";
    private static final String VERSION_1 = "PROXY TCP4 203.0.113.7 192.0.2.1 5000 80\r\n";
    private static final String VERSION_2 =
            "\r\n\r\n\0\r\nQUIT\n!\u0011\0\u000c" + "\u00cb\0q\u0007\u00c0\0\u0002\u0001\u0013\u0088\0P";

    @ParameterizedTest
    @ValueSource(strings = {VERSION_1, VERSION_2})
    void theClientIsTheOneThatItNames(String header, Vertx vertx, @TempDir Path data) throws Exception {
        try (TestNode node = start(vertx, data, "127.0.0.1");
                RawClient client = new RawClient(node.port())) {
            assertEquals("203.0.113.7", client.send(header + REQUEST).response().body());
        }
    }

    @Test
    void aConnectionWithoutItIsClosed(Vertx vertx, @TempDir Path data) throws Exception {
        try (TestNode node = start(vertx, data, "127.0.0.1");
                RawClient client = new RawClient(node.port())) {
            assertEquals("", client.send(REQUEST).rest());
        }
    }

    @Test
    void nobodyElseMayUseIt(Vertx vertx, @TempDir Path data) throws Exception {
        try (TestNode node = start(vertx, data, "203.0.113.0/24");
                RawClient client = new RawClient(node.port())) {
            assertEquals("", client.send(VERSION_1 + REQUEST).rest());
        }
    }

    @Test
    void withoutTheKeyItIsNoRequest(Vertx vertx, @TempDir Path data) throws Exception {
        try (TestNode node = TestNode.start(data);
                RawClient client = new RawClient(node.port())) {
            assertTrue(client.send(VERSION_1 + REQUEST).response().status() >= 400);
        }
    }

    private static TestNode start(Vertx vertx, Path data, String trusted) throws Exception {
        int origin = vertx.createHttpServer()
                .requestHandler(request -> request.response().end(request.getHeader("X-Forwarded-For")))
                .listen(0, "127.0.0.1")
                .await(20, TimeUnit.SECONDS)
                .actualPort();
        return TestNode.start(TestSettings.in(data)
                .origins(TestOrigin.of("/origin", origin))
                .http(new HttpOptions(
                        "127.0.0.1",
                        0,
                        "0660",
                        1,
                        1 << 20,
                        List.of(trusted),
                        List.of(),
                        "/",
                        "/api",
                        CorsOptions.DEFAULTS,
                        ConnectionLimits.DEFAULTS,
                        TlsOptions.DEFAULTS,
                        true))
                .build());
    }
}
