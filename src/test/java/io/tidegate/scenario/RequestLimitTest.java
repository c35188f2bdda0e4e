package io.tidegate.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import io.tidegate.access.Role;
import io.tidegate.edge.limit.LimitOptions;
import io.tidegate.edge.limit.Rate;
import io.tidegate.edge.limit.RateRule;
import io.tidegate.edge.limit.RequestLimits;
import io.tidegate.edge.limit.StreamLimits;
import io.tidegate.fixture.RawClient;
import io.tidegate.fixture.RawClient.Answer;
import io.tidegate.fixture.TestNode;
import io.tidegate.fixture.TestSettings;
import io.tidegate.fixture.TestStream;
import io.tidegate.http.HttpOptions;
import io.tidegate.node.Reload;
import io.tidegate.node.Settings;
import io.tidegate.proxy.origin.Origin;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests the request rate of clients of a complete node, over raw sockets. */
@Timeout(120)
class RequestLimitTest {

    /** The burst, which is so small that it is not noticeably refilled during a test. */
    private static final int BURST = 5;

    private static final RequestLimits FEW = new RequestLimits(
            new Rate(1, BURST),
            RequestLimits.DEFAULTS.publishing(),
            new Rate(1, 3),
            List.of(new RateRule("/api/items", 1, 2)),
            RequestLimits.DEFAULTS.exempt(),
            1000);
    private static final LimitOptions LIMITS = new LimitOptions(FEW, StreamLimits.DEFAULTS);

    private final Path folder;
    private final AtomicInteger passedOn = new AtomicInteger();
    private HttpServer origin;
    private TestNode node;

    RequestLimitTest(@TempDir Path folder) {
        this.folder = folder;
    }

    @BeforeEach
    void start() throws Exception {
        origin = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        origin.createContext("/", exchange -> {
            passedOn.incrementAndGet();
            exchange.sendResponseHeaders(204, -1);
            exchange.close();
        });
        origin.start();
        node = TestNode.start(settings(HttpOptions.DEFAULTS.trustedProxies()));
    }

    @AfterEach
    void stop() {
        node.close();
        origin.stop(0);
    }

    private Settings settings(List<String> trustedProxies) {
        URI url = URI.create("http://127.0.0.1:" + origin.getAddress().getPort());
        List<Origin> origins = List.of(new Origin("/shop", url), new Origin("/ws", url));
        HttpOptions http = new HttpOptions("127.0.0.1", 0, 2, HttpOptions.DEFAULTS.maxBody(), trustedProxies);
        return TestSettings.in(folder.resolve("node"))
                .origins(origins)
                .limits(LIMITS)
                .http(http)
                .build();
    }

    @Test
    void oneTooManyIsToldWhenToComeBack() throws Exception {
        assertEquals(BURST, passed(10, "GET /api/sessions", node.viewer()));
        Answer refused = request("GET /api/sessions", node.viewer());
        assertEquals(429, refused.status());
        assertEquals("rate-limited", refused.json().getString("code"));
        assertTrue(Integer.parseInt(refused.header("Retry-After")) > 1);
        assertEquals("\"requests\";q=1;w=60", refused.header("RateLimit-Policy"));
        assertEquals("\"requests\";r=0;t=" + refused.header("Retry-After"), refused.header("RateLimit"));
    }

    @Test
    void eachSubjectHasItsOwnCountAndWhoeverHasNoneThatOfHisAddress() throws Exception {
        assertEquals(BURST, passed(10, "GET /api/sessions", node.viewer()));
        assertEquals(BURST, passed(10, "GET /api/sessions", token("grace")));
        assertEquals(BURST, passed(10, "GET /nowhere", ""));
        assertEquals(429, request("GET /nowhere", "X: y").status());
    }

    @Test
    void tokensThatAreMadeUpCountForTheAddressThatSendsThem() throws Exception {
        String[] tokens = {"a.b.c", "x", "eyJhbGciOiJub25lIn0.eyJzdWIiOiJhZGEifQ."};
        int answered = 0;
        for (int i = 0; i < 12; i++) {
            int status = request("GET /api/sessions", "Authorization: Bearer " + tokens[i % 3])
                    .status();
            answered += status == 401 ? 1 : 0;
            assertEquals(i < BURST ? 401 : 429, status);
        }
        assertEquals(BURST, answered);
    }

    @Test
    void whatAClientSaysOfItsAddressMakesItNobodyElse() throws Exception {
        node.close();
        node = TestNode.start(settings(List.of("192.0.2.0/24")));
        for (int i = 0; i < 3 * BURST; i++) {
            assertEquals(
                    i < BURST ? 404 : 429,
                    request("GET /nowhere", "X-Forwarded-For: 203.0.113." + i + "\r\nForwarded: for=203.0.113." + i)
                            .status());
        }
    }

    @Test
    void behindATrustedProxyEachClientCountsAndWhatItPutInFrontDoesNot() throws Exception {
        for (int i = 0; i < 3 * BURST; i++) {
            String made = "X-Forwarded-For: 203.0.113." + i + ", 198.51.100.7";
            assertEquals(i < BURST ? 404 : 429, request("GET /nowhere", made).status());
        }
        assertEquals(
                404, request("GET /nowhere", "X-Forwarded-For: 198.51.100.8").status());
        for (int i = 0; i < 3 * BURST; i++) {
            String oneSite = "X-Forwarded-For: 2001:db8:1:2::" + i;
            assertEquals(i < BURST ? 404 : 429, request("GET /nowhere", oneSite).status());
        }
        assertEquals(
                404, request("GET /nowhere", "X-Forwarded-For: 2001:db8:1:3::1").status());
    }

    @Test
    void whatIsExemptIsNeverRefusedAndAlwaysCounted() throws Exception {
        assertEquals(BURST, passed(10, "GET /api/sessions", node.viewer()));
        for (int i = 0; i < 2 * BURST; i++) {
            assertEquals(200, request("GET /health", "").status());
            assertEquals(204, request("GET /ws/chat", node.viewer()).status());
            for (String path : List.of("/api/sse/items", "/%61pi/sse/items", "/api/events")) {
                try (TestStream stream = node.stream(path)) {
                    assertEquals(200, stream.status());
                    assertEquals("text/event-stream; charset=utf-8", stream.header("Content-Type"));
                }
            }
        }
        String metrics = node.management("/metrics").body();
        assertTrue(metrics.contains("limit_requests_total{outcome=\"exempt\"} " + 10.0 * BURST), metrics);
        assertTrue(metrics.contains("limit_requests_total{outcome=\"passed\"} " + (double) BURST), metrics);
        assertTrue(metrics.contains("limit_requests_total{outcome=\"refused\"} " + (10.0 - BURST)), metrics);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/api/sse/../sessions",
                "//api/sse/items",
                "/api/sse/%2e%2e/sessions",
                "/api/sse/.%2e/sessions",
                "/ws/..%2fapi/sessions",
                "/api//sse/items",
                "/api\\sse/items",
            })
    void noSpellingOfAnExemptPathIsPassedOnAsAnother(String path) throws Exception {
        Answer response = request("GET " + path, node.viewer());
        assertEquals(400, response.status());
        assertEquals("invalid-target", response.json().getString("code"));
        assertEquals(0, passedOn.get());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"/API/sse/items", "/api/sses", "/wsx", "/healthz", "/api/events?x=/api/sse/", "/api/events;x"})
    void whatOnlyLooksExemptIsRefused(String path) throws Exception {
        passed(BURST, "GET /api/sessions", node.viewer());
        assertEquals(429, request("GET " + path, node.viewer()).status());
    }

    @Test
    void aPageIsNoStreamWhateverElseItAccepts() throws Exception {
        passed(BURST, "GET /api/sessions", node.viewer());
        assertEquals(
                429,
                request("GET /api/events", node.viewer() + "\r\nAccept: application/json")
                        .status());
        assertEquals(
                429,
                request("HEAD /api/events", node.viewer() + "\r\nAccept: text/event-stream")
                        .status());
        assertEquals(
                429,
                request("GET /api/sessions", node.viewer() + "\r\nAccept: text/event-stream")
                        .status());
    }

    @Test
    void requestsToOriginsAndEachRuleHaveACountOfTheirOwn() throws Exception {
        assertEquals(3, passed(10, "GET /shop/cart", node.viewer()));
        assertEquals(3, passedOn.get());
        assertEquals(
                "\"origins\";q=1;w=60", request("GET /shop/cart", node.viewer()).header("RateLimit-Policy"));
        assertEquals(BURST, passed(10, "GET /api/sessions", node.viewer()));
        assertEquals(2, passed(10, "GET /api/items", node.viewer()));
        assertEquals(
                "\"/api/items/\";q=1;w=60",
                request("GET /api/items", node.viewer()).header("RateLimit-Policy"));
    }

    @Test
    void publishersGoOnWhereOthersAreStopped() throws Exception {
        assertEquals(BURST, passed(10, "GET /api/sessions", node.publisher()));
        for (int i = 0; i < 20 * BURST; i++) {
            node.publish("news", "told", "1");
        }
        assertEquals(BURST, passed(10, "POST /api/sessions", node.viewer()));
    }

    @Test
    void aRefusalComesBeforeTheBodyIsRead() throws Exception {
        passed(BURST, "GET /api/sessions", node.viewer());
        Answer refused = request("POST /api/events", node.viewer() + "\r\nContent-Length: 1000000");
        assertEquals(429, refused.status());
    }

    @Test
    void newRatesCountFromAReloadOn() throws Exception {
        assertEquals(BURST, passed(10, "GET /api/sessions", node.viewer()));
        RequestLimits more = new RequestLimits(
                new Rate(1, 20), FEW.publishing(), FEW.origins(), FEW.rules(), FEW.exempt(), FEW.clients());
        Settings next = TestSettings.of(settings(HttpOptions.DEFAULTS.trustedProxies()))
                .limits(new LimitOptions(more, LIMITS.streams()))
                .build();
        Reload reload = node.gateway().reload(next).await(20, TimeUnit.SECONDS);
        assertEquals(List.of("limits.requests.others.burst"), reload.applied());
        assertEquals(List.of(), reload.needsRestart());
        assertEquals(20, passed(30, "GET /api/sessions", node.viewer()));
    }

    private String token(String subject) {
        return "Authorization: Bearer " + node.gateway().token(subject, Role.VIEWER, Duration.ofMinutes(5));
    }

    private int passed(int times, String line, String header) throws Exception {
        int passed = 0;
        for (int i = 0; i < times; i++) {
            passed += request(line, header).status() == 429 ? 0 : 1;
        }
        return passed;
    }

    private Answer request(String line, String header) throws Exception {
        try (RawClient client = new RawClient(node.port())) {
            client.send(line + " HTTP/1.1\r\nHost: localhost\r\n" + (header.isEmpty() ? "" : header + "\r\n") + "\r\n");
            return line.startsWith("HEAD") ? client.head() : client.response();
        }
    }
}
