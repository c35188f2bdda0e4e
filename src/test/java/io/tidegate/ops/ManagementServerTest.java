package io.tidegate.ops;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidegate.fixture.TestClock;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.junit5.VertxExtension;
import io.vertx.junit5.VertxTestContext;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@ExtendWith(VertxExtension.class)
class ManagementServerTest {

    private final HttpClient client = HttpClient.newHttpClient();
    private final TestClock clock = new TestClock("2026-01-01T00:00:00Z");
    private final Metrics metrics = new Metrics();
    private final AtomicLong openStreams = new AtomicLong();
    private Vertx vertx;
    private Readiness readiness;
    private ManagementServer server;

    @BeforeEach
    void start(Vertx vertx, VertxTestContext test) {
        this.vertx = vertx;
        readiness = new Readiness(vertx, clock, openStreams::get);
        server = new ManagementServer(
                new ManagementOptions("127.0.0.1", 0, List.of("gate.example")), metrics, readiness);
        assertEquals(0, server.actualPort());
        vertx.deployVerticle(server).onComplete(test.succeedingThenComplete());
    }

    @AfterEach
    void stop() {
        metrics.close();
    }

    @Test
    void metricsAreServedInTheTextFormatOfPrometheus() throws Exception {
        metrics.registry().counter("sse.messages.transmitted").increment(7);
        HttpResponse<String> respond = get("/metrics");
        assertEquals(200, respond.statusCode());
        assertEquals("text/plain; version=0.0.4; charset=utf-8", header(respond, "content-type"));
        assertTrue(respond.body().contains("\nsse_messages_transmitted_total 7.0\n"), respond.body());
    }

    @Test
    void healthIsUpWhateverHappensToDependencies() throws Exception {
        readiness.dependsOn("journal", Duration.ofSeconds(1), () -> Future.failedFuture("disk is gone"));
        readiness.draining();
        HttpResponse<String> respond = get("/health");
        assertEquals(200, respond.statusCode());
        assertEquals("{\"status\":\"UP\"}", respond.body());
        assertEquals("application/json", header(respond, "content-type"));
        assertEquals("no-store", header(respond, "cache-control"));
    }

    @Test
    void readyTellsStreamsAndDependencies() throws Exception {
        readiness.dependsOn("journal", Duration.ofSeconds(1), Future::succeededFuture);
        openStreams.incrementAndGet();
        HttpResponse<String> respond = get("/ready");
        assertEquals(200, respond.statusCode());
        assertEquals(ready("UP", 1).put("dependencies", new JsonObject().put("journal", "UP")), json(respond));
        assertEquals("no-store", header(respond, "cache-control"));
    }

    @Test
    void whatTheNodeCanDoWithoutIsToldAndLeavesItReady() throws Exception {
        readiness.dependsOn("journal", Duration.ofSeconds(1), Future::succeededFuture);
        readiness.withStates("origin", () -> Map.of("/shop", "DOWN"));
        HttpResponse<String> respond = get("/ready");
        assertEquals(200, respond.statusCode());
        assertEquals(
                new JsonObject().put("journal", "UP").put("origin /shop", "DOWN"),
                new JsonObject(respond.body()).getJsonObject("dependencies"));
    }

    @Test
    void aNodeWithoutDependenciesIsReady() throws Exception {
        assertEquals(ready("UP", 0), json(get("/ready")));
    }

    @Test
    void oneFailedDependencyMakesItNotReadyAndTheCauseStaysInside() throws Exception {
        readiness.dependsOn("bus", Duration.ofSeconds(1), Future::succeededFuture);
        readiness.dependsOn("journal", Duration.ofSeconds(1), () -> Future.failedFuture("/secret/path"));
        readiness.dependsOn("disk", Duration.ofSeconds(1), () -> {
            throw new IllegalStateException("broken probe");
        });
        HttpResponse<String> respond = get("/ready");
        assertEquals(503, respond.statusCode());
        JsonObject dependencies =
                new JsonObject().put("bus", "UP").put("journal", "DOWN").put("disk", "DOWN");
        assertEquals(ready("DOWN", 0).put("dependencies", dependencies), json(respond));
        assertFalse(respond.body().contains("secret"));
    }

    @Test
    void aDependencyThatDoesNotAnswerIsDown() throws Exception {
        readiness.dependsOn(
                "journal", Duration.ofMillis(50), () -> Promise.<Void>promise().future());
        HttpResponse<String> respond = get("/ready");
        assertEquals(503, respond.statusCode());
        assertEquals("DOWN", json(respond).getJsonObject("dependencies").getString("journal"));
    }

    @Test
    void aDependencyThatComesBackIsSeenOnTheNextLook() throws Exception {
        AtomicInteger checks = new AtomicInteger();
        readiness.dependsOn(
                "journal",
                Duration.ofSeconds(1),
                () -> checks.incrementAndGet() == 1 ? Future.failedFuture("not yet") : Future.succeededFuture());
        assertEquals(503, get("/ready").statusCode());
        clock.advance(Readiness.MAX_AGE);
        assertEquals(200, get("/ready").statusCode());
    }

    @Test
    void allWhoAskInTheSameSecondShareOneLook() throws Exception {
        AtomicInteger checks = countChecks(Future.succeededFuture());
        get("/ready");
        clock.advance(Readiness.MAX_AGE.minusMillis(1));
        get("/ready");
        assertEquals(1, checks.get());
        clock.advance(Duration.ofMillis(1));
        get("/ready");
        assertEquals(2, checks.get());
    }

    @Test
    void aLookThatTakesLongIsSharedByAllWhoAskMeanwhile() throws Exception {
        Promise<Void> slow = Promise.promise();
        AtomicInteger checks = countChecks(slow.future());
        AtomicInteger asked = new AtomicInteger();
        Router router = Router.router(vertx);
        router.route().handler(ctx -> {
            readiness.ready(ctx);
            clock.advance(Duration.ofMinutes(1));
            if (asked.incrementAndGet() == 2) {
                slow.complete();
            }
        });
        int port = vertx.createHttpServer()
                .requestHandler(router)
                .listen(0, "127.0.0.1")
                .await(10, TimeUnit.SECONDS)
                .actualPort();
        HttpRequest request =
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port)).build();
        CompletableFuture<HttpResponse<String>> first = client.sendAsync(request, BodyHandlers.ofString());
        CompletableFuture<HttpResponse<String>> second = client.sendAsync(request, BodyHandlers.ofString());
        assertEquals(200, first.get(10, TimeUnit.SECONDS).statusCode());
        assertEquals(200, second.get(10, TimeUnit.SECONDS).statusCode());
        assertEquals(1, checks.get());
    }

    private AtomicInteger countChecks(Future<Void> outcome) {
        AtomicInteger checks = new AtomicInteger();
        readiness.dependsOn("journal", Duration.ofSeconds(10), () -> {
            checks.incrementAndGet();
            return outcome;
        });
        return checks;
    }

    @Test
    void drainingMakesItNotReadyAtOnceEvenWhileADependencyHangs() throws Exception {
        readiness.dependsOn(
                "journal", Duration.ofDays(1), () -> Promise.<Void>promise().future());
        readiness.draining();
        HttpResponse<String> respond = get("/ready");
        assertEquals(503, respond.statusCode());
        assertEquals("DRAINING", json(respond).getString("status"));
    }

    @Test
    void everythingElseIsAProblem() throws Exception {
        for (String path : Set.of("/", "/metrics/x", "/healthy", "/admin")) {
            assertNotFound(get(path));
        }
        assertNotFound(client.send(
                HttpRequest.newBuilder(uri("/metrics"))
                        .POST(BodyPublishers.ofString("x"))
                        .build(),
                BodyHandlers.ofString()));
    }

    @Test
    void aTargetThatCannotBeReadIsAProblemToo() throws Exception {
        for (String head :
                List.of("GET /%zz HTTP/1.1\r\nHost: a", "GET /health HTTP/1.1", "GET ?a HTTP/1.1\r\nHost: a")) {
            String respond = raw(head + "\r\nConnection: close\r\n\r\n");
            assertTrue(respond.startsWith("HTTP/1.1 400 "), respond);
            assertTrue(respond.contains("application/problem+json"), respond);
            assertTrue(respond.contains("\"code\":\"invalid-target\""), respond);
        }
        String respond = raw("OPTIONS * HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
        assertTrue(respond.startsWith("HTTP/1.1 404 "), respond);
        assertTrue(respond.contains("\"code\":\"not-found\""), respond);
    }

    @ParameterizedTest
    @CsvSource({
        "localhost, 200",
        "127.0.0.1:9090, 200",
        "[::1]:9090, 200",
        "tidegate:9090, 200",
        "Gate.example:9090, 200",
        "a.localhost, 200",
        "rebind.evil.example, 400",
        "rebind.evil.example:9090, 400",
        "127.0.0.1.evil.example, 400",
        "localhost.evil.example, 400"
    })
    void aHostThatIsNotItsOwnIsRefused(String host, int status) throws Exception {
        String respond = raw("GET /metrics HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n");
        assertTrue(respond.startsWith("HTTP/1.1 " + status + " "), respond);
    }

    @ParameterizedTest
    @CsvSource({
        "Origin, https://evil.example, 403",
        "Origin, null, 403",
        "Sec-Fetch-Site, cross-site, 403",
        "Sec-Fetch-Site, same-site, 403",
        "Sec-Fetch-Site, none, 404",
        "User-Agent, curl, 404"
    })
    void aRequestOfAPageIsRefused(String field, String value, int status) throws Exception {
        String respond = raw("POST /publish/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\nConnection: close\r\n"
                + field + ": " + value + "\r\n\r\n");
        assertTrue(respond.startsWith("HTTP/1.1 " + status + " "), respond);
    }

    @Test
    void aFailureOfOursIsAProblemThatTellsNothing() throws Exception {
        ManagementServer broken = new ManagementServer(
                new ManagementOptions("127.0.0.1", 0, List.of("gate.example")),
                metrics,
                new Readiness(vertx, clock, () -> {
                    throw new IllegalStateException("/secret/path");
                }));
        vertx.deployVerticle(broken).await(10, TimeUnit.SECONDS);
        HttpResponse<String> respond = client.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + broken.actualPort() + "/ready"))
                        .timeout(Duration.ofSeconds(10))
                        .build(),
                BodyHandlers.ofString());
        assertEquals(500, respond.statusCode());
        assertEquals("internal", json(respond).getString("code"));
        assertFalse(respond.body().contains("secret"));
    }

    @Test
    void aDependencyHasAPlainName() {
        assertThrows(
                IllegalArgumentException.class,
                () -> readiness.dependsOn("a/b", Duration.ofSeconds(1), Future::succeededFuture));
    }

    private static void assertNotFound(HttpResponse<String> respond) {
        assertEquals(404, respond.statusCode());
        assertEquals("application/problem+json", header(respond, "content-type"));
        assertEquals("not-found", json(respond).getString("code"));
    }

    private static JsonObject ready(String status, int streams) {
        return new JsonObject().put("status", status).put("streams", streams).put("dependencies", new JsonObject());
    }

    private static JsonObject json(HttpResponse<String> respond) {
        return new JsonObject(respond.body());
    }

    private static String header(HttpResponse<String> respond, String name) {
        return respond.headers().firstValue(name).orElse("");
    }

    private HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return client.send(request(path), BodyHandlers.ofString());
    }

    private HttpRequest request(String path) {
        return HttpRequest.newBuilder(uri(path)).timeout(Duration.ofSeconds(10)).build();
    }

    private URI uri(String path) {
        return URI.create("http://127.0.0.1:" + server.actualPort() + path);
    }

    private String raw(String request) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.actualPort())) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
