package io.tidegate.auth.token;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.tidegate.auth.jose.Algorithm;
import io.tidegate.auth.jose.Jwks;
import io.tidegate.auth.jose.ParsedKeys;
import io.tidegate.fixture.TestClock;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** Tests the log messages about keys that are skipped. */
class SkippedKeysTest {

    private static final Duration COOL_DOWN = Duration.ofSeconds(30);
    private static final KeyPair EC = TestIssuer.pair("ES256");
    private static final KeyPair RSA = TestIssuer.pair("RS256");
    private static final JsonObject GOOD = TestIssuer.jwk("good", EC.getPublic());
    private static final JsonObject ENCRYPTION =
            TestIssuer.jwk("enc-1", RSA.getPublic()).put("use", "enc").put("alg", "RSA-OAEP");

    private final Logger log = (Logger) LoggerFactory.getLogger("io.tidegate.auth.token.Keys");
    private final Logger jwtAuth = (Logger) LoggerFactory.getLogger("io.vertx.ext.auth");
    private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
    private final TestClock clock = new TestClock("2031-05-06T07:08:09Z");
    private JsonObject published = TestIssuer.jwks(GOOD, ENCRYPTION);

    private final Keys keys = Issuer.of(
                    new IssuerOptions("https://id.example", "tidegate", List.of("ES256"), "https://id.example/keys"),
                    new Source(),
                    new KeyOptions(Duration.ofDays(1), COOL_DOWN),
                    clock)
            .keys();

    private final class Source implements KeySource {
        @Override
        public Future<ParsedKeys> read() {
            return Future.succeededFuture(published.encode())
                    .map(text -> Jwks.parse(text.getBytes(StandardCharsets.UTF_8), allowed()));
        }

        @Override
        public Set<Algorithm> allowed() {
            return Set.of(Algorithm.ES256);
        }

        @Override
        public String location() {
            return "https://id.example/keys";
        }
    }

    @BeforeEach
    void listen() {
        lines.start();
        log.addAppender(lines);
        jwtAuth.addAppender(lines);
        jwtAuth.setLevel(Level.DEBUG);
    }

    @AfterEach
    void leave() {
        log.detachAppender(lines);
        jwtAuth.detachAppender(lines);
        jwtAuth.setLevel(null);
    }

    @Test
    void aKeyThatIsNotUsedIsNamedInOneLine() {
        assertEquals(
                List.of("event=key-skipped issuer=https://id.example kid=enc-1 kty=RSA alg=RSA-OAEP"
                        + " reason=\"use is not sig\""),
                read());
        assertEquals(Level.WARN, lines.list.get(0).getLevel());
        assertTrue(keys.current().names("good"));
    }

    @Test
    void itIsNotNamedAgainWhileItStaysTheSame() {
        read();
        assertEquals(List.of(), read());
        published = TestIssuer.jwks(ENCRYPTION, GOOD);
        assertEquals(List.of(), read(), "in another order");
        published = new JsonObject().put("keys", "broken");
        read();
        published = TestIssuer.jwks(GOOD, ENCRYPTION);
        assertEquals(List.of(), read(), "after an outage");
    }

    @Test
    void itIsNamedAgainWhenItHasChangedOrWasAway() {
        read();
        JsonObject other = ENCRYPTION
                .copy()
                .mergeIn(TestIssuer.jwk("enc-1", TestIssuer.pair("RS256").getPublic()));
        published = TestIssuer.jwks(GOOD, other.put("use", "enc"));
        assertEquals(1, read().size(), "another key with the same kid");
        published = TestIssuer.jwks(GOOD);
        assertEquals(List.of(), read());
        published = TestIssuer.jwks(GOOD, ENCRYPTION);
        assertEquals(1, read().size());
    }

    @Test
    void eachIsNamedAlsoWhenNoneIsLeft() {
        published = new JsonObject()
                .put("keys", new JsonArray().add(ENCRYPTION).add(TestIssuer.jwk("rsa", RSA.getPublic())));
        assertEquals(2, read().size());
        assertTrue(keys.current().keys().isEmpty());
        assertEquals(List.of(), read());
    }

    /** Reads the keys and returns the log messages at level WARN or above, and all log messages of JWTAuth. */
    private List<String> read() {
        int before = lines.list.size();
        clock.advance(COOL_DOWN);
        assertTrue(keys.refresh().succeeded());
        return lines.list.stream()
                .skip(before)
                .filter(line ->
                        line.getLevel() == Level.WARN || line.getLoggerName().startsWith("io.vertx"))
                .map(ILoggingEvent::getFormattedMessage)
                .toList();
    }
}
