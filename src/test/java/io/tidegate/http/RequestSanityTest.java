package io.tidegate.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidegate.edge.connection.ConnectionLimits;
import io.tidegate.edge.tls.TlsOptions;
import io.tidegate.fixture.RawClient;
import io.tidegate.fixture.RawClient.Answer;
import io.tidegate.fixture.TestNode;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.junit5.VertxExtension;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests cross-origin pages, hosts and WebSockets on a complete node with an origin behind it. */
@SuppressWarnings("NullAway.Init") // the fields are set before all tests
@ExtendWith(VertxExtension.class)
class RequestSanityTest {

    private static final String APP = "https://app.example.com";
    private static final String PREFLIGHT = "Access-Control-Request-Method: POST\r\n";
    private static final String UPGRADE =
            """
            Connection: Upgrade\r
            Upgrade: websocket\r
            Sec-WebSocket-Version: 13\r
            Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r
            """;

    @TempDir
    private static Path data;

    private static ShopNode shop;
    private static TestNode node;

    @BeforeAll
    static void start(Vertx vertx) throws Exception {
        shop = new ShopNode(
                vertx,
                data,
                new HttpOptions(
                        "127.0.0.1",
                        0,
                        2,
                        HttpOptions.DEFAULTS.maxBody(),
                        HttpOptions.DEFAULTS.trustedProxies(),
                        HttpOptions.DEFAULTS.trustedFields(),
                        new CorsOptions(List.of(APP, "http://localhost:5173")),
                        ConnectionLimits.DEFAULTS,
                        TlsOptions.DEFAULTS),
                RequestSanityTest::answer);
        node = shop.node();
    }

    @AfterAll
    static void stop() {
        shop.close();
    }

    private static void answer(HttpServerRequest request) {
        if (request.canUpgradeToWebSocket()) {
            request.toWebSocket();
        } else if (request.path().equals("/shop/own")) {
            request.response()
                    .putHeader("Access-Control-Allow-Origin", "*")
                    .putHeader("Vary", "Accept")
                    .end("its own word");
        } else {
            request.response().end(request.method() + " reached the origin");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"/health", "/api/events", "/api/bogus", "/", "/client.js", "/api/%2e", "/shop/cart", "/down/x"})
    void aListedPageMayReadEveryAnswerAndNoOtherAny(String path) throws Exception {
        Answer listed = get(path, "Origin: " + APP + "\r\n");
        assertEquals(APP, listed.header("Access-Control-Allow-Origin"));
        assertEquals("true", listed.header("Access-Control-Allow-Credentials"));
        assertTrue(List.of(listed.header("Access-Control-Expose-Headers").split(", "))
                .containsAll(List.of("Tidegate-Cursor", "ETag", "Retry-After", "RateLimit")));
        for (String other : List.of(
                "https://evil.example",
                "null",
                "https://app.example.com.evil.example",
                "http://app.example.com",
                "https://app.example.com:8443",
                "https://APP.example.com",
                "*",
                "")) {
            Answer answer = get(path, other.isEmpty() ? "" : "Origin: " + other + "\r\n");
            assertEquals("", answer.header("Access-Control-Allow-Origin"), other);
            assertEquals("", answer.header("Access-Control-Allow-Credentials"), other);
            assertEquals("Origin", answer.header("Vary"), other);
        }
        assertEquals(
                "", get(path, "Origin: " + APP + "\r\nOrigin: " + APP + "\r\n").header("Access-Control-Allow-Origin"));
    }

    @Test
    void whatIsNoRequestIsAnsweredForEveryOriginToo() throws Exception {
        try (RawClient client = new RawClient(node.port())) {
            Answer answer = client.send("GET / HTTP/1.1\r\nHost: a\r\nX: " + "a".repeat(50_000) + "\r\n\r\n")
                    .response();
            assertEquals(431, answer.status());
            assertEquals("Origin", answer.header("Vary"));
            assertEquals("nosniff", answer.header("X-Content-Type-Options"));
        }
    }

    @Test
    void aListedPageIsToldWhatItMaySend() throws Exception {
        Answer answer = request("OPTIONS", "/api/events", "Origin: " + APP + "\r\n" + PREFLIGHT);
        assertEquals(204, answer.status());
        assertEquals(APP, answer.header("Access-Control-Allow-Origin"));
        assertEquals("GET, HEAD, POST", answer.header("Access-Control-Allow-Methods"));
        assertEquals(
                "Authorization, Content-Type, Idempotency-Key, If-None-Match, Last-Event-ID",
                answer.header("Access-Control-Allow-Headers"));
        Answer other = request("OPTIONS", "/api/events", "Origin: https://evil.example\r\n" + PREFLIGHT);
        assertEquals("", other.header("Access-Control-Allow-Methods"));
        assertEquals("", other.header("Access-Control-Allow-Origin"));
    }

    @Test
    void anOriginIsAskedItselfAndItsWordStays() throws Exception {
        Answer asked = request("OPTIONS", "/shop/cart", "Origin: " + APP + "\r\n" + PREFLIGHT);
        assertEquals("OPTIONS reached the origin", asked.body());
        assertEquals("", asked.header("X-Content-Type-Options"));
        Answer own = get("/shop/own", "Origin: " + APP + "\r\n");
        assertEquals("*", own.header("Access-Control-Allow-Origin"));
        assertEquals("", own.header("Access-Control-Allow-Credentials"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"/health", "/api/events", "/api/sessions", "/api/bogus", "/", "/lab", "/client.js", "/down/x"})
    void noAnswerOfOursIsGuessedAt(String path) throws Exception {
        assertEquals("nosniff", get(path, "").header("X-Content-Type-Options"));
    }

    @ParameterizedTest
    @CsvSource({
        "'Cookie: tidegate=b', 'Origin: https://evil.example', 403",
        "'Cookie: a=b; tidegate=b', 'Origin: null', 403",
        "'Cookie: tidegate=b', 'Origin: http://localhost.evil.example', 403",
        "'Cookie: tidegate=b', 'Origin: http://localhost:8081', 403",
        "'Cookie: tidegate=b', 'Origin: http://localhost', 101",
        "'Cookie: tidegate=b', 'Origin: https://localhost', 101",
        "'Cookie: tidegate=b', 'Origin: https://app.example.com', 101",
        "'Cookie: tidegate=b', 'Origin: vscode-webview://1a2b', 101",
        "'Cookie: tidegate=b', 'X: 1', 101",
        "'Cookie: sid=b', 'Origin: https://evil.example', 101",
        "'Cookie: sid=b', 'Origin: null', 101",
        "'X: 1', 'Origin: https://evil.example', 101",
        "'Cookie: tidegate=b\r\nSec-Fetch-Site: same-origin', 'Origin: https://public.example', 101",
        "'Cookie: tidegate=b\r\nSec-Fetch-Site: cross-site', 'Origin: http://localhost', 403",
        "'Cookie: tidegate=b\r\nX-Forwarded-Host: public.example', 'Origin: https://public.example', 101",
        "'Cookie: tidegate=b\r\nX-Forwarded-Host: public.example', 'Origin: https://localhost', 403",
        "'Cookie: tidegate=b\r\nForwarded: for=192.0.2.7;host=\"public.example:8443\"', 'Origin: https://public.example:8443', 101"
    })
    void aWebSocketThatAnotherSiteOpensMustNotCarryTheGatewaysCookie(String cookie, String origin, int status)
            throws Exception {
        try (RawClient client = new RawClient(node.port())) {
            Answer answer = client.send("GET /shop/live HTTP/1.1\r\nHost: localhost\r\n" + UPGRADE + cookie + "\r\n"
                            + origin + "\r\n\r\n")
                    .head();
            assertEquals(status, answer.status());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Host: a\r\nHost: b\r\n",
                "Host: a\r\nHost: a\r\n",
                "",
                "Host:\r\n",
                "Host: a b\r\n",
                "Host: a/b\r\n",
                "Host: user@a\r\n",
                "Host: a:port\r\n",
                "Host: a, b\r\n",
                "Host: a:1:2\r\n"
            })
    void aHostThatIsNotClearIsRefusedWhereverThePathLeads(String host) throws Exception {
        for (String path : List.of("/health", "/shop/cart", "/api/events", "/")) {
            try (RawClient client = new RawClient(node.port())) {
                Answer answer = client.send("GET " + path + " HTTP/1.1\r\n" + host + "\r\n")
                        .response();
                assertEquals(400, answer.status(), answer.body());
                assertTrue(answer.body().matches(".*\"code\":\"(invalid-target|malformed-request)\".*"), answer.body());
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"cross-site", "same-site"})
    void aCookieCarriesNoChangeFromAnotherSite(String site) throws Exception {
        String cookie = "Cookie: tidegate=" + node.publisher().replaceFirst(".*Bearer ", "") + "\r\n";
        for (String proof : List.of("Sec-Fetch-Site: " + site + "\r\n", "Origin: " + APP + "\r\n", "")) {
            for (String path : List.of("/start", "/api/ticket", "/api/events", "/api/sessions")) {
                Answer answer =
                        request("POST", path, cookie + proof + "Content-Type: text/plain\r\nContent-Length: 0\r\n");
                assertEquals("cross-site", answer.json().getString("code"), path);
            }
        }
        String own = cookie + "Sec-Fetch-Site: same-origin\r\nContent-Length: 2\r\n";
        for (String type :
                List.of("text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=a")) {
            for (String path : List.of("/api/events", "/api/sessions", "/api/deploys")) {
                try (RawClient client = new RawClient(node.port())) {
                    Answer answer = client.send("POST " + path + " HTTP/1.1\r\nHost: localhost\r\n" + own
                                    + "Content-Type: " + type + "\r\n\r\n{}")
                            .response();
                    assertEquals(415, answer.status(), path);
                }
            }
        }
    }

    @Test
    void withoutAListNothingIsSaidOfOrigins(@TempDir Path elsewhere) throws Exception {
        try (TestNode plain = TestNode.start(elsewhere);
                RawClient client = new RawClient(plain.port())) {
            Answer answer = client.send("GET /health HTTP/1.1\r\nHost: a\r\nOrigin: " + APP + "\r\n\r\n")
                    .response();
            assertFalse(answer.headers().containsKey("Vary"));
            assertFalse(answer.headers().containsKey("Access-Control-Allow-Origin"));
        }
    }

    private static Answer get(String path, String headers) throws Exception {
        return request("GET", path, headers);
    }

    private static Answer request(String method, String path, String headers) throws Exception {
        try (RawClient client = new RawClient(node.port())) {
            return client.send(method + " " + path + " HTTP/1.1\r\nHost: localhost\r\n" + headers + "\r\n")
                    .response();
        }
    }
}
