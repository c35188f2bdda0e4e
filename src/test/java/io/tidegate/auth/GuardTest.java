package io.tidegate.auth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidegate.access.Role;
import io.tidegate.auth.DoorServer.Answer;
import io.tidegate.auth.token.BadTokens;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.junit5.VertxExtension;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@ExtendWith(VertxExtension.class)
class GuardTest {

    private final DoorServer server;

    GuardTest(Vertx vertx, @TempDir Path data) throws Exception {
        server = new DoorServer(vertx, data);
    }

    @ParameterizedTest
    @EnumSource(Role.class)
    void aRoleOpensItsRoutesAndThoseOfLesserRoles(Role role) throws IOException {
        for (Role needed : Role.values()) {
            Answer answer = server.send("GET", "/" + needed.text(), bearer(server.token("ann", role)));
            boolean opens = role.includes(needed);
            assertEquals(opens ? "ok" : "forbidden", answer.code(), role + " on " + needed);
            assertEquals(
                    opens ? Optional.empty() : Optional.of("Bearer realm=\"tidegate\", error=\"insufficient_scope\""),
                    answer.header("WWW-Authenticate"));
        }
    }

    @Test
    void everyCarrierSaysWhoItIs() throws IOException {
        JsonObject ann = new JsonObject().put("subject", "ann").put("role", "publisher");
        String token = server.token("ann", Role.PUBLISHER);
        assertEquals(ann, server.send("GET", "/viewer", bearer(token)).json());
        assertEquals(ann, server.send("GET", "/viewer", cookie(token)).json());
        assertEquals(
                ann,
                server.send("GET", "/viewer?ticket=" + server.ticket("ann", Role.PUBLISHER))
                        .json());
    }

    @ParameterizedTest
    @ValueSource(strings = {"Bearer %s", "bearer %s", "BEARER   %s "})
    void theSchemeIsReadAsHttpReadsIt(String header) throws IOException {
        assertEquals(
                200,
                server.send("GET", "/viewer", "Authorization: " + header.formatted(server.token("ann", Role.VIEWER)))
                        .status());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"X-None: 1", "Authorization: Basic YW5uOmFubg==", "Authorization: Bearerx", "Cookie: other=1"})
    void withoutATokenTheChallengeNamesNoError(String header) throws IOException {
        Answer answer = server.send("GET", "/viewer", header);
        assertEquals("unauthenticated", answer.code());
        assertEquals(401, answer.status());
        assertEquals(Optional.of("Bearer realm=\"tidegate\""), answer.header("WWW-Authenticate"));
    }

    @Test
    void aPasswordForAProxyInFrontDoesNotHideTheCookie() throws IOException {
        String cookie = cookie(server.token("ann", Role.VIEWER));
        assertEquals(
                200,
                server.send("GET", "/viewer", "Authorization: Basic YW5uOmFubg==", cookie)
                        .status());
    }

    @Test
    void anExpiredTokenIsToldFromOneThatIsNotValid() throws Exception {
        String token = server.token("ann", Role.VIEWER);
        String ticket = server.ticket("ann", Role.VIEWER);
        try {
            server.clock.advance(DoorServer.TOKEN_TTL);
            for (String credential : List.of(bearer(token), cookie(token))) {
                Answer answer = server.send("GET", "/viewer", credential);
                assertEquals(401, answer.status());
                assertEquals("the token has expired", answer.json().getString("detail"));
                assertEquals(
                        Optional.of("Bearer realm=\"tidegate\", error=\"invalid_token\","
                                + " error_description=\"the token has expired\""),
                        answer.header("WWW-Authenticate"));
            }
            assertEquals(401, server.send("GET", "/viewer?ticket=" + ticket).status());
        } finally {
            server.clock.advance(DoorServer.TOKEN_TTL.negated());
        }
    }

    @TestFactory
    Stream<DynamicTest> aBadTokenIsA401ThatGivesNothingAway() {
        Map<String, String> rows = BadTokens.of(server.key, server.clock.instant());
        return rows.entrySet().stream()
                .map(row -> DynamicTest.dynamicTest(row.getKey(), () -> {
                    String token = row.getValue();
                    refusedAndSilent(token, server.send("GET", "/viewer", bearer(token)));
                    // A cookie cannot contain control characters and spaces, so the request would be refused before the
                    // cookie is read.
                    if (token.matches("[A-Za-z0-9_.=-]*")) {
                        refusedAndSilent(token, server.send("GET", "/viewer", cookie(token)));
                    }
                }));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "%00", "%ff", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"})
    void aTicketThatWasNeverGivenIsA401(String ticket) throws IOException {
        Answer answer = server.send("GET", "/viewer?ticket=" + ticket);
        assertEquals("unauthenticated", answer.code());
        assertTrue(answer.header("WWW-Authenticate").orElseThrow().contains("error=\"invalid_token\""));
    }

    @Test
    void aTokenInTheQueryIsNoTicket() throws IOException {
        String token = server.token("ann", Role.ADMIN);
        assertEquals(401, server.send("GET", "/viewer?ticket=" + token).status());
        assertEquals(
                401,
                server.send("GET", "/viewer?token=" + token + "&access_token=" + token)
                        .status());
    }

    @Test
    void aQueryThatCannotBeDecodedIsToldSo() throws IOException {
        assertEquals(
                "invalid-parameter", server.send("GET", "/viewer?ticket=%zz").code());
    }

    @Test
    void carriersOfTwoSubjectsAreAMistake() throws IOException {
        String ann = server.token("ann", Role.ADMIN);
        String bob = server.token("bob", Role.ADMIN);
        String bobsTicket = "/viewer?ticket=" + server.ticket("bob", Role.ADMIN);
        assertEquals(
                "conflicting-credentials",
                server.send("GET", "/viewer", bearer(ann), cookie(bob)).code());
        assertEquals(
                "conflicting-credentials",
                server.send("GET", bobsTicket, bearer(ann)).code());
        assertEquals(
                "conflicting-credentials",
                server.send("GET", bobsTicket, cookie(ann)).code());
        assertEquals(
                "conflicting-credentials",
                server.send("GET", "/viewer", bearer(ann), bearer(bob)).code());
        assertEquals(
                "conflicting-credentials",
                server.send("GET", "/viewer", "Cookie: tidegate=" + ann + "; tidegate=" + bob)
                        .code());
        assertEquals(
                "conflicting-credentials",
                server.send("GET", "/viewer", cookie(ann), cookie(bob)).code());
        assertEquals(
                "conflicting-credentials",
                server.send("GET", bobsTicket + "&ticket=other").code());
    }

    @Test
    void carriersOfOneSubjectAgreeAndTheNamedOneCounts() throws IOException {
        String viewer = server.token("ann", Role.VIEWER);
        String admin = server.token("ann", Role.ADMIN);
        assertEquals(
                200,
                server.send("GET", "/viewer", bearer(viewer), cookie(viewer)).status());
        assertEquals(
                200, server.send("GET", "/admin", bearer(admin), cookie(viewer)).status());
        assertEquals(
                403, server.send("GET", "/admin", bearer(viewer), cookie(admin)).status());
        assertEquals(
                403,
                server.send("GET", "/admin?ticket=" + server.ticket("ann", Role.VIEWER), cookie(admin))
                        .status());
    }

    @Test
    void aBadTokenBesideAGoodOneIsNotPassedOver() throws IOException {
        String good = server.token("ann", Role.VIEWER);
        assertEquals(
                401, server.send("GET", "/viewer", bearer(good), cookie("junk")).status());
        assertEquals(
                401, server.send("GET", "/viewer", bearer("junk"), cookie(good)).status());
        assertEquals(
                401, server.send("GET", "/viewer?ticket=junk", bearer(good)).status());
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                // The columns are Sec-Fetch-Site, Origin and the code.
                "same-origin, -, ok",
                "same-origin, http://evil.example, ok",
                "none, -, ok",
                "same-site, -, cross-site",
                "cross-site, -, cross-site",
                "cross-site, http://HOST, cross-site",
                "Same-Origin, -, cross-site",
                "'', http://HOST, cross-site",
                "-, -, cross-site",
                "-, http://HOST, ok",
                "-, https://HOST, ok",
                "-, HTTP://HOST, ok",
                "-, null, cross-site",
                "-, '', cross-site",
                "-, HOST, cross-site",
                "-, ftp://HOST, cross-site",
                "-, http://, cross-site",
                "-, http://127.0.0.1, cross-site",
                "-, http://HOST0, cross-site",
                "-, http://HOST/, cross-site",
                "-, http://HOST.evil.example, cross-site",
                "-, http://evil.example, cross-site",
                "-, http://evil.example?HOST, cross-site",
                "-, http://HOST@evil.example, cross-site",
                "-, 'http://HOST, http://HOST', cross-site",
            })
    void aCookieCarriesAChangeOnlyFromOurOwnPage(@Nullable String site, @Nullable String origin, String code)
            throws IOException {
        List<String> proof = new ArrayList<>();
        if (site != null) {
            proof.add("Sec-Fetch-Site: " + site);
        }
        if (origin != null) {
            proof.add("Origin: " + origin.replace("HOST", server.host()));
        }
        String token = server.token("ann", Role.VIEWER);
        for (String method : List.of("POST", "DELETE", "PUT", "PATCH", "OPTIONS")) {
            assertEquals(
                    code,
                    server.send(method, "/viewer", with(proof, cookie(token))).code(),
                    method);
        }
        for (String method : List.of("GET", "HEAD")) {
            assertEquals(
                    200,
                    server.send(method, "/viewer", with(proof, cookie(token))).status(),
                    method);
        }
        assertEquals(
                200,
                server.send("POST", "/viewer", with(proof, bearer(token))).status(),
                "a header is sufficient proof");
        String ticket = "/viewer?ticket=" + server.ticket("ann", Role.VIEWER);
        assertEquals(
                200, server.send("POST", ticket, with(proof, cookie(token))).status(), "a ticket is sufficient proof");
    }

    @Test
    void proofsThatAreThereTwiceProveNothing() throws IOException {
        String cookie = cookie(server.token("ann", Role.VIEWER));
        String site = "Sec-Fetch-Site: same-origin";
        String origin = "Origin: http://" + server.host();
        assertEquals(
                "cross-site", server.send("POST", "/viewer", cookie, site, site).code());
        assertEquals(
                "cross-site",
                server.send("POST", "/viewer", cookie, origin, origin).code());
    }

    @Test
    void aStrangersTicketDoesNotCarryAnothersCookie() throws IOException {
        String target = "/viewer?ticket=" + server.ticket("mallory", Role.VIEWER);
        assertEquals(
                "conflicting-credentials",
                server.send("POST", target, cookie(server.token("ann", Role.ADMIN)), "Sec-Fetch-Site: cross-site")
                        .code());
    }

    @Test
    void aRouteWithoutAGuardHasNoCaller() throws IOException {
        assertEquals(
                "unauthenticated",
                server.send("GET", "/unguarded", bearer(server.token("ann", Role.ADMIN)))
                        .code());
        assertEquals("unauthenticated", server.send("POST", "/unguarded/ticket").code());
    }

    private static void refusedAndSilent(String token, Answer answer) {
        assertEquals(401, answer.status());
        assertEquals("unauthenticated", answer.code());
        assertEquals("the token is not valid", answer.json().getString("detail"));
        String all = answer.head() + answer.body();
        for (String word : List.of("Exception", "vertx", "io.tidegate", "\tat ", "HS256", "signature")) {
            assertFalse(all.contains(word), word);
        }
        for (String part : token.split("\\.", -1)) {
            assertFalse(part.length() > 8 && all.contains(part), "part of the token");
        }
    }

    private static String[] with(List<String> headers, String one) {
        return Stream.concat(headers.stream(), Stream.of(one)).toArray(String[]::new);
    }

    private static String bearer(String token) {
        return "Authorization: Bearer " + token.replaceAll("[\\r\\n\\x00]", "~");
    }

    private static String cookie(String token) {
        return "Cookie: a=b; tidegate=" + token;
    }
}
