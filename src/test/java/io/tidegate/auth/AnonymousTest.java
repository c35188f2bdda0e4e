package io.tidegate.auth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidegate.access.Role;
import io.tidegate.auth.DoorServer.Answer;
import io.tidegate.auth.token.AnonymousOptions;
import io.tidegate.auth.token.AuthOptions;
import io.tidegate.event.TopicPattern;
import io.tidegate.problem.ProblemException;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Tests features that are off by default: reading without a token, a token in the query, and a cookie that is sent only
 * over TLS.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@ExtendWith(VertxExtension.class)
class AnonymousTest {

    private final DoorServer closed;
    private final DoorServer open;

    AnonymousTest(Vertx vertx, @TempDir Path data) throws Exception {
        AuthOptions standard = AuthOptions.DEFAULTS;
        closed = new DoorServer(vertx, data, options(false, new AnonymousOptions(List.of("news/**")), 2));
        open = new DoorServer(vertx, data, options(true, AnonymousOptions.DEFAULTS, standard.ticketsPerSubject()));
    }

    private static AuthOptions options(boolean loose, AnonymousOptions anonymous, int ticketsPerSubject) {
        AuthOptions standard = AuthOptions.DEFAULTS;
        return new AuthOptions(
                standard.issuer(),
                standard.audience(),
                standard.keyFile(),
                standard.ticketIdle(),
                standard.ticketMax(),
                ticketsPerSubject,
                loose,
                loose,
                anonymous,
                standard.keys(),
                standard.issuers());
    }

    @Test
    void whoBringsNothingReadsAndDoesNothingElse() throws IOException {
        Answer answer = closed.send("GET", "/viewer");
        assertEquals("", answer.json().getString("subject"));
        assertEquals("viewer", answer.json().getString("role"));
        assertEquals(401, closed.send("POST", "/viewer").status());
        assertEquals(401, closed.send("GET", "/publisher").status());
        assertEquals(401, closed.send("GET", "/admin").status());
        assertEquals(401, closed.send("POST", "/api/ticket").status());
        assertEquals(401, open.send("GET", "/viewer").status(), "off by default");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Authorization: Bearer ",
                "Authorization: Bearer junk",
                "Cookie: tidegate=junk",
                "Cookie: tidegate="
            })
    void aTokenThatDoesNotHoldIsNeverTakenForNone(String header) throws IOException {
        assertEquals(401, closed.send("GET", "/viewer", header).status());
    }

    @ParameterizedTest
    @ValueSource(strings = {"ticket=", "ticket=junk", "access_token=junk", "access_token="})
    void norDoesAParameter(String parameter) throws IOException {
        assertEquals(401, closed.send("GET", "/viewer?" + parameter).status());
    }

    @Test
    void anExpiredTokenIsNotTakenForNoneEither() throws IOException {
        String token = closed.token("ann", Role.VIEWER);
        String ticket = closed.ticket("ann", Role.VIEWER);
        closed.clock.advance(DoorServer.TOKEN_TTL);
        try {
            assertEquals(
                    401,
                    closed.send("GET", "/viewer", "Authorization: Bearer " + token)
                            .status());
            assertEquals(
                    401,
                    closed.send("GET", "/viewer", "Cookie: tidegate=" + token).status());
            assertEquals(401, closed.send("GET", "/viewer?ticket=" + ticket).status());
            assertEquals(
                    401, closed.send("GET", "/viewer?access_token=" + token).status());
        } finally {
            closed.clock.advance(DoorServer.TOKEN_TTL.negated());
        }
    }

    @Test
    void aTokenInTheQueryCountsOnlyWhereThatIsSwitchedOn() throws IOException {
        String token = open.token("ann", Role.PUBLISHER);
        String target = "/publisher?access_token=" + token;
        assertEquals("ann", open.send("POST", target).json().getString("subject"));
        assertEquals(401, closed.send("GET", target).status());
        String bob = "Authorization: Bearer " + open.token("bob", Role.PUBLISHER);
        assertEquals("conflicting-credentials", open.send("GET", target, bob).code());
        assertEquals(
                "conflicting-credentials",
                open.send("GET", target + "&access_token=other").code());
        assertEquals(401, open.send("GET", target + "x").status());
    }

    @Test
    void theCookieCanBeForTlsAlone() throws IOException {
        String target = "/?ticket=" + open.ticket("ann", Role.VIEWER);
        String cookie = open.send("GET", target, "Accept: text/html")
                .header("Set-Cookie")
                .orElseThrow();
        assertTrue(cookie.contains("; Secure"), cookie);
    }

    @Test
    void oneSubjectCannotHaveAllTickets() throws IOException {
        String ann = "Authorization: Bearer " + closed.token("ann", Role.VIEWER);
        assertEquals(201, closed.send("POST", "/api/ticket", ann).status());
        assertEquals(201, closed.send("POST", "/api/ticket", ann).status());
        assertEquals("ticket-limit", closed.send("POST", "/api/ticket", ann).code());
        String bob = "Authorization: Bearer " + closed.token("bob", Role.VIEWER);
        assertEquals(201, closed.send("POST", "/api/ticket", bob).status());
        closed.clock.advance(Duration.ofMinutes(5));
        assertEquals(201, closed.send("POST", "/api/ticket", ann).status(), "the other tickets have expired");
    }

    @Test
    void onlyPatternsCanBeNamed() {
        assertEquals(List.of(new TopicPattern("a/*")), new AnonymousOptions(List.of("a/*")).patterns());
        IllegalArgumentException refused =
                assertThrows(IllegalArgumentException.class, () -> new AnonymousOptions(List.of("a", "a//b")));
        assertTrue(String.valueOf(refused.getMessage()).startsWith("topics[1] "), refused.getMessage());
        assertTrue(refused.getCause() instanceof ProblemException);
    }
}
