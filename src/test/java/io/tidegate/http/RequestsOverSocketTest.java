package io.tidegate.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidegate.fixture.OneNode;
import io.tidegate.fixture.RawClient;
import io.tidegate.fixture.RawClient.Answer;
import io.tidegate.problem.Problem;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests how a complete node interprets request heads, methods and host names, byte by byte on a socket. */
class RequestsOverSocketTest extends OneNode {

    @ParameterizedTest
    @ValueSource(strings = {"Content-Xength", "content-_ength", "Content-0ength"})
    void aNameThatLooksLikeContentLengthIsNoLength(String name) throws Exception {
        String next = "GET /ready HTTP/1.1\r\nHost: localhost\r\n\r\n";
        try (RawClient client = new RawClient(node.port())) {
            client.send(
                    "GET /health HTTP/1.1\r\nHost: localhost\r\n" + name + ": " + next.length() + "\r\n\r\n" + next);
            assertEquals("{\"status\":\"UP\"}", client.response().body());
            assertTrue(
                    client.response().body().contains("\"dependencies\""), "the second request was taken for a body");
        }
    }

    @Test
    void aNameThatLooksLikeContentTypeIsNoType() throws Exception {
        try (RawClient client = new RawClient(node.port())) {
            client.send(head("POST", "/api/sessions").replace("{token}", node.publisher())
                    + "Content-Xype: application/json\r\nContent-Length: 2\r\n\r\n{}");
            assertEquals(415, client.response().status());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/health", "/ready", "/api/events", "/api/sessions", "/", "/lab", "/client.js"})
    void headIsGetWithoutItsBody(String path) throws Exception {
        try (RawClient client = new RawClient(node.port())) {
            Answer answer = client.send(signed("HEAD", path)).head();
            assertEquals(200, answer.status());
            assertFalse(answer.header("Content-Type").isEmpty());
            assertEquals(404, client.send(signed("HEAD", "/api/bogus")).head().status());
            assertEquals(200, client.send(signed("GET", path)).response().status());
        }
    }

    @Test
    void headOfAStreamIsThatOfThePage() throws Exception {
        try (RawClient client = new RawClient(node.port())) {
            String request = head("HEAD", "/api/events") + "Accept: text/event-stream\r\n\r\n";
            Answer answer =
                    client.send(request.replace("{token}", node.publisher())).head();
            assertEquals("application/json", answer.header("Content-Type"));
            assertEquals(200, client.send(signed("GET", "/health")).response().status());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "GET a, 400, invalid-target",
        "GET localhost/a, 400, invalid-target",
        "GET localhost:80, 400, invalid-target",
        "GET *, 400, invalid-target",
        "POST ?a, 400, invalid-target",
        "CONNECT localhost:80, 501, not-implemented"
    })
    void aTargetBeginsWithASlash(String request, int status, String code) throws Exception {
        try (RawClient client = new RawClient(node.port())) {
            Answer answer = client.send(request + " HTTP/1.1\r\nHost: localhost\r\n\r\n")
                    .response();
            assertEquals(status, answer.status());
            assertEquals(code, answer.json().getString("code"));
        }
    }

    @Test
    void aPathSaysWhichMethodsItHas() throws Exception {
        try (RawClient client = new RawClient(node.port())) {
            Answer options = client.send(signed("OPTIONS", "/api/events")).response();
            assertEquals(204, options.status());
            assertEquals("GET, HEAD, OPTIONS, POST", options.header("Allow"));
            Answer refused = client.send(signed("PUT", "/api/sse/items")).response();
            assertEquals("GET, OPTIONS", refused.header("Allow"));
        }
    }

    @Test
    void whoWaitsForLeaveToSendABodyGetsItOnceAndOnlyWhenWelcome() throws Exception {
        String rest = "Content-Type: application/json\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n";
        try (RawClient client = new RawClient(node.port())) {
            client.send(head("PATCH", "/api/sessions/none").replace("{token}", node.publisher()) + rest);
            assertEquals(100, client.head().status());
            assertEquals(404, client.send("{}").response().status());
        }
        try (RawClient client = new RawClient(node.port())) {
            client.send(head("PATCH", "/api/sessions/none").replace("{token}", node.viewer()) + rest);
            Answer refused = client.response();
            assertEquals(403, refused.status());
            assertEquals("close", refused.header("Connection"));
            assertTrue(client.atEnd());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Connection: close, X-Foo",
                "Connection: TE, close",
                "Connection: keep-alive, close",
                "Connection: keep-alive\r\nConnection: Close",
                "Connection: X-Foo\r\nConnection: ,CLOSE ,"
            })
    void aConnectionEndsAfterTheResponseIfCloseIsAnyOfItsOptions(String options) throws Exception {
        try (RawClient client = new RawClient(node.port())) {
            client.send("GET /health HTTP/1.1\r\nHost: a\r\n" + options + "\r\n\r\n");
            Answer answer = client.response();
            assertEquals(200, answer.status());
            assertEquals("close", answer.header("Connection"));
            assertTrue(client.atEnd());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"HTTP/1.1\r\nConnection: closed, X-Close", "HTTP/1.0\r\nConnection: X-Foo, Keep-Alive"})
    void otherOptionsKeepAConnection(String version) throws Exception {
        try (RawClient client = new RawClient(node.port())) {
            for (int i = 0; i < 2; i++) {
                client.send("GET /health " + version + "\r\nHost: a\r\n\r\n");
                assertEquals(200, client.response().status());
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://a/health", "HTTP://a:8080/health?x", "https://a/health"})
    void aTargetMayNameItsHost(String target) throws Exception {
        try (RawClient client = new RawClient(node.port())) {
            client.send("GET " + target + " HTTP/1.1\r\nHost: a\r\n\r\n");
            assertEquals(200, client.response().status());
            client.send("OPTIONS http://a HTTP/1.1\r\nHost: a\r\n\r\n");
            assertEquals(204, client.head().status());
            client.send("GET " + target + " HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n");
            assertEquals("invalid-target", client.response().json().getString("code"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET /health HTTP/1.0\r\n\r\n", "nonsense\r\n\r\n", "GET /health HTTP/2.0\r\n\r\n"})
    void responsesStateTheVersionOfTheGateway(String request) throws Exception {
        try (RawClient client = new RawClient(node.port())) {
            String answer = client.send(request).rest();
            assertTrue(answer.startsWith("HTTP/1.1 "), answer);
            assertTrue(answer.toLowerCase(Locale.ROOT).contains("\r\nconnection: close\r\n"), answer);
        }
    }

    @Test
    void aProblemOfTheGatewayHasAFieldOfItsOwn() throws Exception {
        try (RawClient client = new RawClient(node.port())) {
            assertEquals(
                    "not-found",
                    client.send(signed("GET", "/api/bogus")).response().header("Tidegate-Problem"));
            assertEquals("", client.send(signed("GET", "/health")).response().header("Tidegate-Problem"));
            assertEquals(
                    "malformed-request",
                    client.send("nonsense\r\n\r\n").response().header("Tidegate-Problem"));
        }
    }

    @Test
    void apiPathsAreNeverAnsweredWithAPage() throws Exception {
        String html = "Accept: text/html\r\n\r\n";
        try (RawClient client = new RawClient(node.port())) {
            assertEquals(
                    Problem.MEDIA_TYPE,
                    client.send(head("GET", "/api/bogus").replace("{token}", node.viewer()) + html)
                            .response()
                            .header("Content-Type"));
            assertTrue(client.send("GET /some/view HTTP/1.1\r\nHost: localhost\r\n" + html)
                    .response()
                    .header("Content-Type")
                    .startsWith("text/html"));
        }
    }

    private static String signed(String method, String target) {
        return head(method, target).replace("{token}", node.publisher()) + "\r\n";
    }

    private static String head(String method, String target) {
        return method + " " + target + " HTTP/1.1\r\nHost: localhost\r\n{token}\r\n";
    }
}
