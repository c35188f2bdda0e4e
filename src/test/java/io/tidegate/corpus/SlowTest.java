package io.tidegate.corpus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidegate.edge.connection.ConnectionLimits;
import io.tidegate.edge.tls.TlsOptions;
import io.tidegate.fixture.Needs;
import io.tidegate.fixture.RawClient;
import io.tidegate.fixture.RawClient.Answer;
import io.tidegate.fixture.TestNginx;
import io.tidegate.fixture.TestNode;
import io.tidegate.fixture.TestSettings;
import io.tidegate.http.CorsOptions;
import io.tidegate.http.HttpOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests requests that are never completed, with short timeouts. */
@Timeout(120)
@SuppressWarnings("NullAway.Init") // the fields are set before each test
class SlowTest {

    private static final String HEAD = "POST /api/events HTTP/1.1\r\nHost: localhost\r\n";

    @TempDir
    private Path folder;

    private TestNode node;

    @BeforeEach
    void start() throws Exception {
        HttpOptions standard = HttpOptions.DEFAULTS;
        node = TestNode.start(TestSettings.in(folder.resolve("data"))
                .http(new HttpOptions(
                        "127.0.0.1",
                        0,
                        2,
                        standard.maxBody(),
                        standard.trustedProxies(),
                        standard.trustedFields(),
                        CorsOptions.DEFAULTS,
                        new ConnectionLimits(
                                4096,
                                8192,
                                100,
                                Duration.ofSeconds(1),
                                Duration.ofSeconds(1),
                                240,
                                Duration.ofSeconds(60),
                                Duration.ofSeconds(2)),
                        TlsOptions.DEFAULTS))
                .build());
    }

    @AfterEach
    void stop() {
        node.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "P",
                "POST /api/events HTTP/1.1\r\nHos",
                HEAD,
                HEAD + "{token}\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{",
                HEAD + "{token}\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{",
                HEAD + "{token}\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n{\r\n"
            })
    void isGivenUpWithAProblem(String partial) throws Exception {
        try (RawClient client = new RawClient(node.port())) {
            Answer answer =
                    client.send(partial.replace("{token}", node.publisher())).response();
            assertEquals(408, answer.status());
            assertEquals("request-timeout", answer.json().getString("code"));
            assertTrue(client.atEnd());
        }
    }

    /** nginx itself waits for the complete request and may close the connection without a response. */
    @Needs("nginx")
    @ParameterizedTest
    @ValueSource(
            strings = {
                "P",
                HEAD,
                HEAD + "{token}\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{",
                HEAD + "{token}\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{"
            })
    void isGivenUpByNginx(String partial) throws Exception {
        UnaryOperator<String> shortTimeouts =
                site -> site.replace("client_header_timeout 10s;", "client_header_timeout 1s;")
                        .replace("client_body_timeout 60s;", "client_body_timeout 1s;");
        try (TestNginx nginx = TestNginx.inFrontOf(node.port(), folder, shortTimeouts);
                RawClient client = new RawClient(nginx.port())) {
            String rest =
                    client.send(partial.replace("{token}", node.publisher())).rest();
            assertTrue(rest.isEmpty() || rest.startsWith("HTTP/1.1 408"), rest);
        }
    }
}
