package io.tidegate.auth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidegate.access.Role;
import io.tidegate.auth.DoorServer.Answer;
import io.tidegate.event.TopicPattern;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@ExtendWith(VertxExtension.class)
class SignInTest {

    private static final String HTML = "Accept: text/html,application/xhtml+xml,*/*;q=0.8";

    /** A text that has the form of a ticket but was never issued. */
    private static final String INVALID = "tide-" + "A".repeat(43);

    private final DoorServer server;

    SignInTest(Vertx vertx, @TempDir Path data) throws Exception {
        server = new DoorServer(vertx, data);
    }

    @Test
    void aTicketBecomesACookieThatOpensTheRoutes() throws IOException {
        Answer answer = server.send("GET", "/?ticket=" + server.ticket("ann", Role.PUBLISHER), HTML);
        assertEquals(303, answer.status());
        assertEquals(Optional.of("/"), answer.header("Location"));
        assertEquals(Optional.of("no-store"), answer.header("Cache-Control"));
        assertEquals(Optional.of("no-referrer"), answer.header("Referrer-Policy"));
        String cookie = pairOf(answer);
        assertEquals(
                "ann",
                server.send("GET", "/publisher", "Cookie: " + cookie).json().getString("subject"));
    }

    @Test
    void theCookieIsOutOfReachOfScriptsAndEndsWithItsToken() throws IOException {
        String token = server.tokens.mint("ann", Role.VIEWER, List.of(TopicPattern.ALL), Duration.ofMinutes(30));
        String ticket = server.tickets
                .issue(server.tokens.verify(token).result(), token)
                .text();
        String cookie = cookieOf(server.send("GET", "/?ticket=" + ticket, HTML));
        assertEquals("tidegate=" + token, cookie.substring(0, cookie.indexOf(';')));
        List<String> attributes = List.of(cookie.split("; ", -1));
        assertTrue(attributes.containsAll(List.of("HTTPOnly", "SameSite=Lax", "Path=/", "Max-Age=1800")), cookie);
        assertFalse(attributes.contains("Secure"), "browsers drop it over plain HTTP");
        assertFalse(cookie.contains("Domain"), cookie);
    }

    @ParameterizedTest
    @CsvSource({"https, true", "HTTPS, true", "'https, http', true", "http, false", "'', false"})
    void theCookieIsSecureWhenTheRequestCameByHttps(String scheme, boolean secure) throws IOException {
        Answer answer = server.send(
                "GET", "/?ticket=" + server.ticket("ann", Role.VIEWER), HTML, "X-Forwarded-Proto: " + scheme);
        assertEquals(secure, List.of(cookieOf(answer).split("; ", -1)).contains("Secure"));
    }

    @Test
    void overTlsTheCookieIsSecureAndAPageWithoutTlsIsAnotherOrigin(Vertx vertx, @TempDir Path data) throws Exception {
        DoorServer secure = DoorServer.overTls(vertx, data);
        String token = secure.token("ann", Role.VIEWER);
        Answer answer = secure.send("GET", "/?ticket=" + secure.ticket("ann", Role.VIEWER), HTML);
        assertTrue(List.of(cookieOf(answer).split("; ", -1)).contains("Secure"));
        String cookie = "Cookie: tidegate=" + token;
        String host = secure.host();
        assertEquals(
                "ok",
                secure.send("POST", "/viewer", cookie, "Origin: https://" + host)
                        .code());
        assertEquals(
                "cross-site",
                secure.send("POST", "/viewer", cookie, "Origin: http://" + host).code());
    }

    @ParameterizedTest
    @CsvSource({
        "/?ticket=T, /",
        "/deployment/42?ticket=T, /deployment/42",
        "/a%20b/%2e%2e?ticket=T, /a%20b/%2e%2e",
        "/?a=1&ticket=T&b=2, /?a=1&b=2",
        "/?%74icket=T, /",
        "/?TICKET=T, /",
        "/?ticket=T&q=x%26y%3D%0d%0aSet-Cookie:z, /?q=x%26y%3D%0D%0ASet-Cookie%3Az",
        "/?ticket=T&url=https://evil.example/, /?url=https%3A%2F%2Fevil.example%2F",
        "//evil.example/?ticket=T, /evil.example/",
        "///evil.example?ticket=T, /evil.example",
        "/\\evil.example/?ticket=T, /evil.example/",
        "/\\/\\evil.example?ticket=T, /evil.example",
        "/%5cevil.example/?ticket=T, /%5cevil.example/",
        "/.//evil.example/?ticket=T, /.//evil.example/",
        "http://evil.example/page?ticket=T, /page",
        "http://evil.example//evil.example/?ticket=T, /evil.example/",
    })
    void theBrowserStaysOnTheSamePage(String target, String location) throws IOException {
        Answer answer = server.send("GET", target.replace("=T", "=" + server.ticket("ann", Role.VIEWER)), HTML);
        assertEquals(Optional.of(location), answer.header("Location"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/\u00e9", "/\u000b/evil.example", "/\u0001"})
    void aPathOfOtherBytesIsRefused(String path) throws IOException {
        Answer answer = server.send("GET", path + "?ticket=" + server.ticket("ann", Role.VIEWER), HTML);
        assertEquals(400, answer.status());
        assertEquals(Optional.empty(), answer.header("Set-Cookie"));
    }

    @Test
    void whatIsNoPageWithATicketGoesOn() throws IOException {
        String ticket = "?ticket=" + server.ticket("ann", Role.VIEWER);
        assertEquals(
                "page",
                server.send("GET", "/" + ticket, "Accept: text/event-stream").body());
        assertEquals("page", server.send("GET", "/" + ticket).body());
        assertEquals("page", server.send("GET", "/?a=b", HTML).body());
        assertEquals("page", server.send("GET", "/", HTML).body());
        assertEquals(200, server.send("POST", "/viewer" + ticket, HTML).status());
    }

    @ParameterizedTest
    @ValueSource(strings = {"ST-1-abc.example", "", "junk", "tide-short", "%zz", "a&ticket=b"})
    void theTicketOfAnotherSystemIsLeftToThePageThatItIsFor(String ticket) throws IOException {
        Answer answer = server.send("GET", "/app?ticket=" + ticket, HTML, "Cookie: tidegate=junk");
        assertEquals("page", answer.body());
        assertEquals(Optional.empty(), answer.header("Set-Cookie"));
    }

    @Test
    void whoSignsOutHasNoCookieAnyMore() throws IOException {
        for (String held : List.of(cookie("ann"), "Cookie: tidegate=junk", "X-None: 1")) {
            Answer answer = server.send("POST", "/api/sign-out", held, "Sec-Fetch-Site: same-origin");
            assertEquals(204, answer.status());
            List<String> cookie = List.of(cookieOf(answer).split("; ", -1));
            assertEquals("tidegate=", cookie.get(0));
            assertTrue(
                    cookie.containsAll(List.of("Max-Age=0", "Path=/", "HTTPOnly", "SameSite=Lax")), cookie.toString());
        }
    }

    @ParameterizedTest
    @CsvSource({"cross-site, true", "same-site, true", "cross-site, false", "'', true"})
    void noOtherSiteSignsAnybodyOut(String site, boolean signedIn) throws IOException {
        Answer answer = server.send(
                "POST",
                "/api/sign-out",
                signedIn ? cookie("ann") : "X-None: 1",
                site.isEmpty() ? "Origin: http://evil.example" : "Sec-Fetch-Site: " + site);
        assertEquals("cross-site", answer.code());
        assertEquals(Optional.empty(), answer.header("Set-Cookie"));
    }

    @Test
    void aTicketThatIsOverSignsNobodyIn() throws IOException {
        Answer answer = server.send("GET", "/?ticket=" + INVALID, HTML);
        assertEquals("unauthenticated", answer.code());
        assertTrue(answer.header("WWW-Authenticate").orElseThrow().contains("invalid_token"));
        assertEquals(Optional.empty(), answer.header("Set-Cookie"));
        String two = "/?ticket=" + INVALID + "&ticket=" + server.ticket("ann", Role.VIEWER);
        assertEquals("conflicting-credentials", server.send("GET", two, HTML).code());
    }

    @Test
    void whoIsSignedInMayOpenAnOldAddressAgain() throws IOException {
        Answer answer = server.send("GET", "/x?ticket=" + INVALID, HTML, cookie("ann"));
        assertEquals(303, answer.status());
        assertEquals(Optional.of("/x"), answer.header("Location"));
        assertEquals(Optional.empty(), answer.header("Set-Cookie"));
        assertEquals(
                401,
                server.send("GET", "/x?ticket=" + INVALID, HTML, "Cookie: tidegate=junk")
                        .status());
    }

    @Test
    void aCookieThatNoLongerHoldsIsReplaced() throws IOException {
        Answer answer = server.send(
                "GET", "/?ticket=" + server.ticket("ann", Role.VIEWER), HTML, "Cookie: tidegate=of.another.gateway");
        assertEquals(303, answer.status());
        assertEquals(
                "ann",
                server.send("GET", "/viewer", "Cookie: " + pairOf(answer))
                        .json()
                        .getString("subject"));
    }

    @ParameterizedTest
    @CsvSource({
        "bob, cross-site, cross-site",
        "bob, same-site, cross-site",
        "bob, same-origin, ok",
        "bob, none, ok",
        "ann, cross-site, ok",
    })
    void aLinkOnAnotherSiteDoesNotChangeWhoIsSignedIn(String subject, String site, String code) throws IOException {
        String target = "/?ticket=" + server.ticket(subject, Role.VIEWER);
        Answer answer = server.send("GET", target, HTML, cookie("ann"), "Sec-Fetch-Site: " + site);
        assertEquals(code, answer.code());
        assertEquals(code.equals("ok"), answer.header("Set-Cookie").isPresent());
    }

    @Test
    void anyTokenGetsATicketThatWorksAtOnce() throws IOException {
        Answer answer = server.send("POST", "/api/ticket", "Authorization: Bearer " + server.token("ann", Role.VIEWER));
        assertEquals(201, answer.status());
        assertEquals(Optional.of("no-store"), answer.header("Cache-Control"));
        assertEquals(Optional.of("application/json"), answer.header("Content-Type"));
        assertEquals(300, answer.json().getInteger("expires_in"));
        assertEquals(3600, answer.json().getInteger("max_age"));
        assertEquals(3, answer.json().size());
        String ticket = answer.json().getString("ticket");
        assertEquals(
                "ann", server.send("GET", "/viewer?ticket=" + ticket).json().getString("subject"));
        assertEquals(303, server.send("GET", "/?ticket=" + ticket, HTML).status());
    }

    @Test
    void aTicketNeedsATokenAndACookieNeedsProof() throws IOException {
        assertEquals("unauthenticated", server.send("POST", "/api/ticket").code());
        assertEquals(
                "cross-site", server.send("POST", "/api/ticket", cookie("ann")).code());
        assertEquals(
                201,
                server.send("POST", "/api/ticket", cookie("ann"), "Sec-Fetch-Site: same-origin")
                        .status());
    }

    private String cookie(String subject) {
        return "Cookie: tidegate=" + server.token(subject, Role.VIEWER);
    }

    private static String cookieOf(Answer answer) {
        return answer.header("Set-Cookie").orElseThrow();
    }

    private static String pairOf(Answer answer) {
        String cookie = cookieOf(answer);
        return cookie.substring(0, cookie.indexOf(';'));
    }
}
