package io.tidegate.auth.token;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidegate.access.Caller;
import io.tidegate.access.Role;
import io.tidegate.auth.jose.KeyException;
import io.tidegate.event.Topic;
import io.tidegate.event.TopicPattern;
import io.tidegate.fixture.TestClock;
import io.tidegate.problem.Problem;
import io.tidegate.problem.ProblemException;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class TokensTest {

    private static final List<TopicPattern> DEPLOYS = List.of(new TopicPattern("deploys/**"));
    private static final Duration HOUR = Duration.ofHours(1);

    private final TestClock clock = new TestClock("2031-05-06T07:08:09Z");
    private final Path data;
    private final Tokens tokens;

    TokensTest(@TempDir Path data) {
        this.data = data;
        this.tokens = Tokens.open(data, AuthOptions.DEFAULTS, clock);
    }

    @Test
    void noTokensWithoutAKey(@TempDir Path folder) throws IOException {
        Files.write(folder.resolve("tidegate.key"), new byte[5]);
        assertThrows(KeyException.class, () -> Tokens.open(folder, AuthOptions.DEFAULTS, clock));
    }

    @ParameterizedTest
    @EnumSource(Role.class)
    void whatIsMintedIsVerified(Role role) {
        Caller caller = caller(tokens.mint("ann", role, DEPLOYS, HOUR));
        assertEquals("ann", caller.subject());
        assertEquals(role, caller.role());
        assertEquals(DEPLOYS, caller.read());
        assertEquals(clock.instant().plus(HOUR), caller.expires());
    }

    @Test
    void aTokenSaysWhatItsDocumentationSays() {
        List<TopicPattern> items = List.of(new TopicPattern("items"));
        JsonObject claims = claimsOf(tokens.mint("ann", Role.PUBLISHER, DEPLOYS, items, HOUR));
        long now = clock.instant().getEpochSecond();
        assertEquals(
                new JsonObject()
                        .put("sub", "ann")
                        .put("iss", "tidegate")
                        .put("aud", "tidegate")
                        .put("iat", now)
                        .put("exp", now + 3600)
                        .put("roles", new JsonArray().add("publisher"))
                        .put("topics", new JsonArray().add("deploys/**"))
                        .put("publish", new JsonArray().add("items")),
                claims);
    }

    @Test
    void publishingFollowsTheTopicsUnlessItIsGranted() {
        Caller same = caller(tokens.mint("ann", Role.PUBLISHER, DEPLOYS, HOUR));
        assertTrue(same.mayPublish(new Topic("deploys/7")));
        Caller apart = caller(tokens.mint("ann", Role.PUBLISHER, DEPLOYS, List.of(), HOUR));
        assertFalse(apart.mayPublish(new Topic("deploys/7")));
    }

    @Test
    void aViewerPublishesNothingWhateverTheTokenSays() throws IOException {
        assertEquals(
                List.of(),
                caller(tokens.mint("ann", Role.VIEWER, DEPLOYS, HOUR)).publish());
        JsonObject claims = goodClaims().put("publish", new JsonArray().add("**"));
        assertEquals(List.of(), caller(BadTokens.signed(key(), claims)).publish());
    }

    @Test
    void theHighestOfTheKnownRolesCounts() throws IOException {
        JsonArray roles = new JsonArray().add("viewer").add("offline_access").add("publisher");
        assertEquals(
                Role.PUBLISHER,
                caller(BadTokens.signed(key(), goodClaims().put("roles", roles)))
                        .role());
    }

    @Test
    void anAudienceMayBeOneOfSeveralAndATimeMayHaveAFraction() throws IOException {
        JsonObject claims = goodClaims()
                .put("aud", new JsonArray().add("other").add("tidegate"))
                .put("exp", clock.instant().getEpochSecond() + 10.5);
        assertEquals(
                clock.instant().plusSeconds(10),
                caller(BadTokens.signed(key(), claims)).expires());
    }

    @Test
    void theCommandLineMintsForARunningGateway() {
        String minted = Tokens.open(data, AuthOptions.DEFAULTS, clock).mint("ann", Role.VIEWER, DEPLOYS, HOUR);
        assertEquals("ann", caller(minted).subject());
    }

    @Test
    void aTokenEndsAtItsTime() {
        String token = tokens.mint("ann", Role.VIEWER, DEPLOYS, HOUR);
        clock.advance(HOUR.minusMillis(1));
        assertTrue(caller(token).expires().isAfter(clock.instant()));
        clock.advance(Duration.ofMillis(1));
        assertEquals(Refusal.EXPIRED, refusalOf(token));
    }

    @Test
    void aClockOfTheIssuerMayRunFiveSecondsAhead() throws IOException {
        long now = clock.instant().getEpochSecond();
        caller(BadTokens.signed(key(), goodClaims().put("iat", now + 5).put("nbf", now + 5)));
        assertEquals(
                Refusal.INVALID, refusalOf(BadTokens.signed(key(), goodClaims().put("nbf", now + 6))));
    }

    @Test
    void anExpiredTokenOfAnotherKeyIsNotCalledExpired() throws IOException {
        byte[] other = key();
        other[5] ^= 1;
        String token = BadTokens.signed(other, goodClaims());
        clock.advance(HOUR);
        assertEquals(Refusal.INVALID, refusalOf(token));
    }

    @TestFactory
    Stream<DynamicTest> aBadTokenIsNotValid() throws IOException {
        return BadTokens.of(key(), clock.instant()).entrySet().stream()
                .map(row -> DynamicTest.dynamicTest(
                        row.getKey(), () -> assertEquals(Refusal.INVALID, refusalOf(row.getValue()))));
    }

    @Test
    void aTokenMayBeNearlyAsLongAsTheHeadOfARequest() throws IOException {
        String token = BadTokens.signed(key(), goodClaims().put("groups", "x".repeat(20_000)));
        assertEquals("ann", caller(token).subject());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "a\nb", "a\u0085b"})
    void aSubjectThatWouldNotVerifyIsNotMinted(String subject) {
        assertThrows(IllegalArgumentException.class, () -> tokens.mint(subject, Role.VIEWER, DEPLOYS, HOUR));
    }

    @Test
    void aTokenThatIsOverAtOnceOrFitsNoCookieIsNotMinted() {
        Duration short0 = Duration.ofMillis(999);
        assertThrows(IllegalArgumentException.class, () -> tokens.mint("ann", Role.VIEWER, DEPLOYS, short0));
        List<TopicPattern> many = Collections.nCopies(400, new TopicPattern("deploys/**"));
        assertThrows(IllegalArgumentException.class, () -> tokens.mint("ann", Role.VIEWER, many, HOUR));
    }

    @Test
    void rolesAreNamedExactly() {
        assertEquals(Role.ADMIN, Role.named("admin").orElseThrow());
        assertTrue(Role.named("Admin").isEmpty());
    }

    private Caller caller(String token) {
        Future<Caller> verified = tokens.verify(token);
        assertTrue(verified.succeeded(), () -> "not verified: " + verified.cause());
        return verified.result();
    }

    private Problem refusalOf(String token) {
        Future<Caller> verified = tokens.verify(token);
        assertTrue(verified.failed());
        return assertInstanceOf(ProblemException.class, verified.cause()).problem();
    }

    private JsonObject goodClaims() {
        return BadTokens.goodClaims(clock.instant());
    }

    private byte[] key() throws IOException {
        return Files.readAllBytes(data.resolve("tidegate.key"));
    }

    private static JsonObject claimsOf(String token) {
        return new JsonObject(
                new String(Base64.getUrlDecoder().decode(token.split("\\.", -1)[1]), StandardCharsets.UTF_8));
    }
}
