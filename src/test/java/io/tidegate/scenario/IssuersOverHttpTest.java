package io.tidegate.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidegate.auth.jose.KeyException;
import io.tidegate.auth.token.AnonymousOptions;
import io.tidegate.auth.token.AuthOptions;
import io.tidegate.auth.token.IssuerOptions;
import io.tidegate.auth.token.KeyOptions;
import io.tidegate.auth.token.TestIssuer;
import io.tidegate.fixture.TestNode;
import io.tidegate.fixture.TestSettings;
import io.tidegate.fixture.TestStream;
import io.tidegate.node.Settings;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.junit5.VertxExtension;
import io.vertx.junit5.VertxTestContext;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.security.KeyPair;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Tests a complete node with an identity provider. */
@Timeout(120)
@SuppressWarnings("NullAway.Init") // the fields are set before each test
@ExtendWith(VertxExtension.class)
class IssuersOverHttpTest {

    private static final String ID = "https://id.example";
    private static final KeyPair OLD = TestIssuer.pair("ES256");
    private static final KeyPair NEW = TestIssuer.pair("ES256");

    private final Path data;
    private volatile JsonObject published = TestIssuer.jwks(TestIssuer.jwk("old", OLD.getPublic()));
    private HttpServer server;

    IssuersOverHttpTest(@TempDir Path data) {
        this.data = data;
    }

    @BeforeEach
    void listen(Vertx provider, VertxTestContext test) {
        provider.createHttpServer()
                // The server responds slowly, so that requests have to wait for the keys.
                .requestHandler(request ->
                        provider.setTimer(300, later -> request.response().end(published.encode())))
                .listen(0, "127.0.0.1")
                .onComplete(test.succeeding(listening -> {
                    server = listening;
                    test.completeNow();
                }));
    }

    @Test
    void aRequestWaitsWithItsBodyWhileTheKeysAreReadForIt() throws Exception {
        try (TestNode node = TestNode.start(settings("http://127.0.0.1:" + server.actualPort() + "/jwks"))) {
            assertEquals(200, publish(node, "old", OLD).statusCode());
            published = TestIssuer.jwks(TestIssuer.jwk("new", NEW.getPublic()));
            HttpResponse<String> response = publish(node, "new", NEW);
            assertEquals(200, response.statusCode(), response.body());
            assertEquals(
                    2,
                    new JsonObject(node.get("/api/events").body())
                            .getJsonArray("events")
                            .size());
            assertEquals(401, publish(node, "old", OLD).statusCode(), "a token signed with a withdrawn key");
            String bearer = "Authorization: Bearer " + token("new", NEW);
            try (TestStream stream = TestStream.open(node.port(), "/api/events?since=oldest", bearer)) {
                assertEquals("gateway.resume", stream.next().type());
                assertEquals(2, stream.next(2).size());
            }
        }
    }

    @Test
    void aTicketEndsWithTheKeyOfItsToken() throws Exception {
        try (TestNode node = TestNode.start(settings("http://127.0.0.1:" + server.actualPort() + "/jwks"))) {
            HttpRequest.Builder request = node.request("/api/ticket")
                    .POST(BodyPublishers.noBody())
                    .header("Authorization", "Bearer " + token("old", OLD));
            String ticket = new JsonObject(node.send(request).body()).getString("ticket");
            assertEquals(
                    200, node.send(node.request("/api/items?ticket=" + ticket)).statusCode());
            published = TestIssuer.jwks(TestIssuer.jwk("new", NEW.getPublic()));
            assertEquals(200, publish(node, "new", NEW).statusCode());
            assertEquals(
                    401, node.send(node.request("/api/items?ticket=" + ticket)).statusCode());
        }
    }

    @Test
    void withoutATokenTheNamedTopicsAloneAreSeenLiveAndInReplay() throws Exception {
        try (TestNode node = TestNode.start(settings("http://127.0.0.1:" + server.actualPort() + "/jwks"))) {
            node.publish("internal/a", "filler", "1");
            node.publish("open/a", "filler", "2");
            try (TestStream stream = TestStream.open(node.port(), "/api/events?since=oldest")) {
                assertEquals("gateway.resume", stream.next().type());
                assertEquals("2", stream.next().data());
                node.publish("internal/a", "filler", "3");
                node.publish("open/a", "filler", "4");
                assertEquals("4", stream.next().data());
            }
            JsonArray page = new JsonObject(node.send(node.request("/api/events?since=oldest&wait=1"))
                            .body())
                    .getJsonArray("events");
            assertEquals(2, page.size());
            assertEquals(
                    401,
                    node.send(node.request("/api/events").POST(BodyPublishers.noBody()))
                            .statusCode());
        }
    }

    @Test
    void readersThatComeBackTogetherAreVerifiedOnce() throws Exception {
        try (TestNode node = TestNode.start(settings("http://127.0.0.1:" + server.actualPort() + "/jwks"))) {
            String bearer = "Authorization: Bearer " + token("old", OLD);
            double before = verifications(node);
            for (int round = 0; round < 2; round++) {
                List<TestStream> open = new ArrayList<>();
                for (int i = 0; i < 200; i++) {
                    open.add(TestStream.open(node.port(), "/api/events?topics=a", bearer));
                    assertEquals(200, open.get(i).status());
                }
                for (TestStream stream : open) {
                    stream.close();
                }
            }
            assertEquals(1, verifications(node) - before);
        }
    }

    private static double verifications(TestNode node) throws Exception {
        String line = node.management("/metrics")
                .body()
                .lines()
                .filter(each -> each.startsWith("token_verifications_total "))
                .findFirst()
                .orElseThrow();
        return Double.parseDouble(line.substring(line.indexOf(' ')));
    }

    @Test
    void aStartWithoutTheKeysOfAnIssuerIsRefused() {
        KeyException refused =
                assertThrows(KeyException.class, () -> TestNode.start(settings("http://127.0.0.1:1/jwks")));
        assertTrue(String.valueOf(refused.getMessage()).startsWith("auth.issuers[0].keys: "), refused.getMessage());
    }

    private Settings settings(String keys) {
        AuthOptions auth = TestIssuer.options(
                new AnonymousOptions(List.of("open/**")),
                new KeyOptions(Duration.ofDays(1), Duration.ofMillis(1)),
                new IssuerOptions(ID, "tidegate", List.of("ES256"), keys));
        return TestSettings.in(data).auth(auth).build();
    }

    private static HttpResponse<String> publish(TestNode node, String key, KeyPair pair) throws Exception {
        return node.send(node.request("/api/events")
                .POST(BodyPublishers.ofString("{\"topic\":\"a\",\"type\":\"t\",\"data\":1}"))
                .header("Content-Type", "application/json")
                .header("Authorization", "Bearer " + token(key, pair)));
    }

    private static String token(String key, KeyPair pair) {
        JsonObject claims = TestIssuer.claims(ID, Instant.now()).put("roles", "publisher");
        return TestIssuer.token("ES256", pair.getPrivate(), key, claims);
    }
}
