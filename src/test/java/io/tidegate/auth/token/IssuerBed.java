package io.tidegate.auth.token;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidegate.access.Caller;
import io.tidegate.fixture.TestClock;
import io.tidegate.problem.Problem;
import io.tidegate.problem.ProblemException;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.junit5.VertxExtension;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPair;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.ExtendWith;

/** Base class for tests of external issuers. Provides a data folder for their keys, and two key pairs. */
@ExtendWith(VertxExtension.class)
abstract class IssuerBed {

    static final String ID = "https://id.example/realms/main";
    static final KeyPair RSA = TestIssuer.pair("RS256");
    static final KeyPair OTHER = TestIssuer.pair("RS256");

    final TestClock clock = new TestClock("2031-05-06T07:08:09Z");
    private Vertx vertx;
    final Path data;

    IssuerBed(Path data) {
        this.data = data;
    }

    @BeforeEach
    void begin(Vertx vertx) {
        this.vertx = vertx;
    }

    static String rsa(String algorithm, String id, JsonObject claims) {
        return TestIssuer.token(algorithm, RSA.getPrivate(), id, claims);
    }

    JsonObject claims() {
        return TestIssuer.claims(ID, clock.instant());
    }

    JsonObject without(String claim) {
        JsonObject claims = claims();
        claims.remove(claim);
        return claims;
    }

    static IssuerOptions issuer(String name, String keys, String... algorithms) {
        return new IssuerOptions(name, "tidegate", List.of(algorithms), keys);
    }

    Tokens open(IssuerOptions... issuers) throws Exception {
        return Tokens.open(vertx, data, TestIssuer.options(KeyOptions.DEFAULTS, issuers), clock)
                .await(30, TimeUnit.SECONDS);
    }

    void write(String name, byte[] content) throws IOException {
        Path file = data.resolve(name);
        Files.deleteIfExists(file);
        Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.write(file, content);
    }

    static Caller caller(Tokens tokens, String token) {
        Future<Caller> verified = tokens.verify(token);
        assertTrue(verified.succeeded(), () -> "not verified: " + verified.cause());
        return verified.result();
    }

    static Problem refusal(Tokens tokens, String token) throws Exception {
        Future<Caller> verified = tokens.verify(token);
        verified.otherwiseEmpty().await(30, TimeUnit.SECONDS);
        return assertInstanceOf(ProblemException.class, verified.cause()).problem();
    }
}
