package io.tidegate.auth.token;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidegate.access.Caller;
import io.tidegate.access.Role;
import io.tidegate.fixture.TestClock;
import io.tidegate.problem.ProblemException;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.junit5.VertxExtension;
import io.vertx.junit5.VertxTestContext;
import java.nio.file.Path;
import java.security.KeyPair;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Tests key rotation by an issuer behind a real HTTP server that sometimes fails. */
@Timeout(120)
@SuppressWarnings("NullAway.Init") // the fields are set before each test
@ExtendWith(VertxExtension.class)
class RotationTest {

    private static final String ID = "https://id.example";
    private static final Duration NEVER = Duration.ofDays(1);
    private static final Duration COOL_DOWN = Duration.ofSeconds(30);
    private static final KeyPair OLD = TestIssuer.pair("ES256");
    private static final KeyPair NEW = TestIssuer.pair("ES256");

    private final TestClock clock = new TestClock("2031-05-06T07:08:09Z");
    private final AtomicInteger reads = new AtomicInteger();
    private final Path data;
    private volatile int status = 200;
    private volatile String body = published("old");
    private Vertx vertx;
    private HttpServer server;

    RotationTest(@TempDir Path data) {
        this.data = data;
    }

    @BeforeEach
    void listen(Vertx vertx, VertxTestContext test) {
        this.vertx = vertx;
        vertx.createHttpServer()
                .requestHandler(request -> {
                    reads.incrementAndGet();
                    request.response().setStatusCode(status).end(body);
                })
                .listen(0, "127.0.0.1")
                .onComplete(test.succeeding(listening -> {
                    server = listening;
                    test.completeNow();
                }));
    }

    @Test
    void aTokenOfAnUnknownKeyHasTheKeysReadOnceForAllThatComeAtTheSameTime() throws Exception {
        Tokens tokens = open(NEVER);
        body = published("old", "new");
        List<Future<Caller>> storm = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            storm.add(tokens.verify(token("new", NEW, "user-" + i)));
        }
        Future.all(storm).await(30, TimeUnit.SECONDS);
        assertEquals(2, reads.get(), "one read at the start and one for all tokens");
        assertEquals("ok", verify(tokens, token("old", OLD, "ann")));
    }

    @Test
    void keysThatNobodyHasAreAskedForOnceInACoolDown() throws Exception {
        Tokens tokens = open(NEVER);
        for (int i = 0; i < 50; i++) {
            assertEquals("the token is not valid", verify(tokens, token("invented-" + i, NEW, "ann")));
        }
        assertEquals(2, reads.get());
        clock.advance(COOL_DOWN);
        assertEquals("the token is not valid", verify(tokens, token("invented", NEW, "ann")));
        assertEquals(3, reads.get());
    }

    @Test
    void anOutageKeepsTheLastGoodKeys() throws Exception {
        Tokens tokens = open(NEVER);
        for (int broken : List.of(500, 404, 302, 200)) {
            status = broken;
            body = broken == 200 ? "<html>maintenance</html>" : published("old", "new");
            assertEquals("the token is not valid", verify(tokens, token("new", NEW, "ann")), "status " + broken);
            assertEquals("ok", verify(tokens, token("old", OLD, "ann-" + broken)));
            clock.advance(COOL_DOWN);
        }
        body = new JsonObject().put("keys", new JsonArray()).encode();
        assertEquals("the token is not valid", verify(tokens, token("new", NEW, "ann")));
        assertEquals("ok", verify(tokens, token("old", OLD, "ann-empty")));
        clock.advance(COOL_DOWN);
        int port = server.actualPort();
        server.close().await(20, TimeUnit.SECONDS);
        assertEquals("the token is not valid", verify(tokens, token("new", NEW, "ann")));
        assertEquals("ok", verify(tokens, token("old", OLD, "ann-closed")));
        clock.advance(COOL_DOWN);
        vertx.createHttpServer()
                .requestHandler(request -> request.response().end(published("old", "new")))
                .listen(port, "127.0.0.1")
                .await(20, TimeUnit.SECONDS);
        assertEquals("ok", verify(tokens, token("new", NEW, "ann")));
    }

    @Test
    void aWithdrawnKeyTakesItsTokensWithItThoughTheyWereVerifiedBefore() throws Exception {
        Tokens tokens = open(NEVER);
        String old = token("old", OLD, "ann");
        assertEquals("ok", verify(tokens, old));
        body = published("new");
        assertEquals("ok", verify(tokens, token("new", NEW, "ann")));
        assertEquals("the token is not valid", verify(tokens, old));
    }

    @Test
    void tokensOfAKeyThatStaysAreNotVerifiedAgain() throws Exception {
        body = published("old", "new");
        Tokens tokens = open(NEVER);
        String stays = token("new", NEW, "ann");
        assertEquals("ok", verify(tokens, stays));
        assertEquals("ok", verify(tokens, token("old", OLD, "ann")));
        body = published("new");
        assertEquals("the token is not valid", verify(tokens, token("unknown", OLD, "ann")));
        long before = tokens.verifications();
        assertEquals("ok", verify(tokens, stays));
        assertEquals(before, tokens.verifications());
    }

    @Test
    void aKeyThatKeepsItsNameAndIsAnotherIsAnotherKey() throws Exception {
        Tokens tokens = open(Duration.ofMillis(50));
        String old = token("old", OLD, "ann");
        assertEquals("ok", verify(tokens, old));
        body = TestIssuer.jwks(TestIssuer.jwk("old", NEW.getPublic())).encode();
        awaitRead();
        awaitRead();
        assertEquals("the token is not valid", verify(tokens, old));
        assertEquals("ok", verify(tokens, token("old", NEW, "ann")));
    }

    @Test
    void theKeysAreReadAgainWithoutAnybodyAskingAlsoAfterAnOutage() throws Exception {
        Tokens tokens = open(Duration.ofMillis(50));
        status = 503;
        awaitRead();
        awaitRead();
        assertEquals("ok", verify(tokens, token("old", OLD, "ann")));
        status = 200;
        body = published("new");
        awaitRead();
        awaitRead();
        assertEquals("the token is not valid", verify(tokens, token("old", OLD, "ann")));
        assertEquals("ok", verify(tokens, token("new", NEW, "ann")));
    }

    @Test
    void tenThousandThatComeBackAreVerifiedOnceEach() throws Exception {
        Tokens tokens = open(NEVER);
        String one = token("old", OLD, "ann");
        for (int i = 0; i < 10_000; i++) {
            assertTrue(tokens.verify(one).succeeded());
        }
        assertEquals(1, tokens.verifications());
        List<String> own = new ArrayList<>();
        for (int i = 0; i < 10_000; i++) {
            own.add(tokens.mint("user-" + i, Role.VIEWER, List.of(), Duration.ofHours(1)));
        }
        for (int round = 0; round < 3; round++) {
            own.forEach(token -> assertTrue(tokens.verify(token).succeeded()));
        }
        assertEquals(10_001, tokens.verifications());
        clock.advance(Duration.ofHours(1));
        assertEquals("the token has expired", verify(tokens, own.get(0)));
    }

    /** Waits until two reads have begun, because the first may have begun before the test changed the response. */
    private void awaitRead() {
        int before = reads.get();
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (reads.get() < before + 2) {
            assertTrue(System.nanoTime() < deadline, "the keys were not read again");
            Thread.onSpinWait();
        }
    }

    private Tokens open(Duration every) throws Exception {
        IssuerOptions issuer = new IssuerOptions(
                ID, "tidegate", List.of("ES256"), "http://127.0.0.1:" + server.actualPort() + "/jwks");
        return Tokens.open(vertx, data, TestIssuer.options(new KeyOptions(every, COOL_DOWN), issuer), clock)
                .await(30, TimeUnit.SECONDS);
    }

    private String token(String key, KeyPair pair, String subject) {
        JsonObject claims = TestIssuer.claims(ID, clock.instant()).put("sub", subject);
        return TestIssuer.token("ES256", pair.getPrivate(), key, claims);
    }

    private static String verify(Tokens tokens, String token) throws Exception {
        Future<Caller> verified = tokens.verify(token);
        verified.otherwiseEmpty().await(30, TimeUnit.SECONDS);
        return verified.succeeded()
                ? "ok"
                : ((ProblemException) verified.cause()).problem().detail();
    }

    private static String published(String... ids) {
        return TestIssuer.jwks(Arrays.stream(ids)
                        .map(id -> TestIssuer.jwk(id, (id.equals("old") ? OLD : NEW).getPublic()))
                        .toArray(JsonObject[]::new))
                .encode();
    }
}
