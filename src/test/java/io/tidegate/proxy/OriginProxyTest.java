package io.tidegate.proxy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidegate.fixture.Sockets;
import io.tidegate.fixture.TestOrigin;
import io.tidegate.proxy.origin.FieldChanges;
import io.tidegate.proxy.origin.OriginFields;
import io.vertx.core.Handler;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.junit5.VertxExtension;
import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Tests requests as origins receive them, and responses as clients receive them. */
@ExtendWith(VertxExtension.class)
class OriginProxyTest {

    private ProxyServer gateway;
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    @BeforeEach
    void make(Vertx vertx) {
        gateway = new ProxyServer(vertx);
    }

    @Test
    void theLongestPrefixOfWholeSegmentsWins() throws Exception {
        gateway.origin("/", saying("root"))
                .origin("/app", saying("app"))
                .origin("/app/admin", saying("admin"))
                .start();
        for (Map.Entry<String, String> expected : Map.of(
                        "/", "root", "/apple", "root", "/app", "app", "/app/x", "app", "/app/admin/x?y", "admin")
                .entrySet()) {
            assertEquals(expected.getValue(), get(expected.getKey()).body(), expected.getKey());
        }
    }

    @Test
    void aPathThatNoOriginCoversGoesOn() throws Exception {
        gateway.origin("/app", saying("app")).start();
        assertEquals(404, get("/other").statusCode());
    }

    @Test
    void methodPathAndQueryArriveAsTheyCame() throws Exception {
        gateway.origin("/app", request -> request.response().end(request.method() + " " + request.uri()))
                .start();
        String target = "/app/a%2Fb/%C3%A4;v=1/c+d?q=%20+&&x=a/../b&e=";
        assertTrue(raw("PATCH", target, "Content-Length: 0").endsWith("PATCH " + target));
        assertTrue(raw("BREW", "/app/", "").endsWith("BREW /app/"));
    }

    @Test
    void aPathThatMeansAnotherOriginOnceDecodedIsRefused() throws Exception {
        gateway.origin("/app", saying("app")).origin("/admin", saying("admin")).start();
        for (String target : List.of("/app/../admin", "/app/%2e%2e/admin", "/x/../app", "//app", "/%61pp", "/app#x")) {
            assertRefused(raw("GET", target, ""));
        }
        assertRefused(raw("GET", "http://a/app", ""));
        assertRefused(raw("GET", "/app", "Host: b"));
    }

    @Test
    void headersArriveAsTheyCameButThoseOfTheConnection() throws Exception {
        gateway.origin("/", listingHeaders()).start();
        String answer = raw(
                "GET",
                "/",
                """
                Connection: X-Private, upgrade
                X-Private: 1
                Keep-Alive: timeout=9
                TE: trailers
                Upgrade: other/1
                Proxy-Authorization: Basic eA==
                Authorization: Bearer abc
                X-Many: one
                X-Many: two
                Accept-Encoding: gzip
                User-Agent: test""");
        assertTrue(answer.contains("authorization=Bearer abc\n"), answer);
        assertTrue(answer.contains("x-many=one\nx-many=two\n"), answer);
        assertTrue(answer.contains("accept-encoding=gzip\n"), answer);
        assertTrue(answer.contains("user-agent=test\n"), answer);
        assertTrue(answer.contains("host=a.example:8443\n"), answer);
        for (String gone : List.of("x-private", "keep-alive", "te=", "upgrade", "proxy-authorization", "connection=")) {
            assertFalse(answer.contains("\n" + gone), gone + " in " + answer);
        }
    }

    @Test
    void whoTheClientIsIsToldByTheGatewayAlone() throws Exception {
        gateway.origin("/", listingHeaders()).start();
        String answer = raw(
                "GET",
                "/",
                """
                X-Forwarded-For: 6.6.6.6
                x_forwarded_for: 6.6.6.6
                X-Forwarded-Proto: https
                X-Forwarded-Host: evil
                X-Forwarded-Prefix: /evil
                X-Real-IP: 6.6.6.6
                Forwarded: for=6.6.6.6""");
        assertTrue(answer.contains("x-forwarded-for=127.0.0.1\n"), answer);
        assertTrue(answer.contains("x-forwarded-proto=http\n"), answer);
        assertTrue(answer.contains("x-forwarded-host=a.example:8443\n"), answer);
        assertTrue(answer.contains("forwarded=for=127.0.0.1;host=\"a.example:8443\";proto=http\n"), answer);
        assertFalse(answer.contains("6.6.6.6"), answer);
        assertFalse(answer.contains("evil"), answer);
    }

    @Test
    void ourCredentialsDoNotReachAnOrigin() throws Exception {
        gateway.origin("/", listingHeaders()).start();
        String answer = raw(
                "GET",
                "/x?a=1&ticket=tide-secretsecretsecretsecretsecretsecretsecrets",
                """
                Cookie: tidegate=secret; own=1
                Cookie: tidegate=secret
                Referer: http://a.example:8443/?ticket=tide-secretsecretsecretsecretsecretsecretsecrets&b=2""");
        assertFalse(answer.contains("secret"), answer);
        assertTrue(answer.contains("cookie=own=1\n"), answer);
        assertTrue(answer.contains("referer=http://a.example:8443/?b=2\n"), answer);
        assertTrue(answer.contains("uri=/x?a=1\n"), answer);
    }

    @Test
    void anAnswerComesBackAsItWasButForItsConnection() throws Exception {
        gateway.origin("/", request -> request.response()
                        .setStatusCode(418)
                        .setStatusMessage("Short and stout")
                        .putHeader("Connection", "X-Private")
                        .putHeader("X-Private", "1")
                        .putHeader("Keep-Alive", "timeout=9")
                        .putHeader("Proxy-Authenticate", "Basic")
                        .putHeader("Set-Cookie", List.<String>of("a=1", "b=2"))
                        .putHeader("Content-Type", "text/x-tea")
                        .putHeader("Content-Encoding", "none-of-ours")
                        .end("tea"))
                .start();
        String answer = raw("GET", "/", "");
        assertTrue(answer.startsWith("HTTP/1.1 418 Short and stout\r\n"), answer);
        assertTrue(answer.endsWith("\r\n\r\ntea"), answer);
        String head = answer.toLowerCase(Locale.ROOT);
        assertTrue(head.contains("\r\nset-cookie: a=1\r\nset-cookie: b=2\r\n"), answer);
        assertTrue(head.contains("\r\ncontent-type: text/x-tea\r\n"), answer);
        assertTrue(head.contains("\r\ncontent-encoding: none-of-ours\r\n"), answer);
        assertEquals(1, head.split("\r\ncontent-type:", -1).length - 1, answer);
        for (String gone : List.of("x-private", "keep-alive", "proxy-authenticate")) {
            assertFalse(head.contains(gone), answer);
        }
    }

    @Test
    void answersWithoutABodyLeaveTheConnectionUsable() throws Exception {
        gateway.origin("/", request -> {
                    HttpServerResponse response = request.response();
                    switch (request.path()) {
                        case "/304" ->
                            response.setStatusCode(304)
                                    .putHeader("ETag", "\"1\"")
                                    .end();
                        case "/204" -> response.setStatusCode(204).end();
                        case "/head" ->
                            response.putHeader("Content-Length", "5").end();
                        default -> response.end("last");
                    }
                })
                .start();
        try (Socket socket = gateway.socket()) {
            for (String request : List.of("GET /304", "GET /204", "HEAD /head")) {
                Sockets.send(socket, request + " HTTP/1.1\r\nHost: a\r\n\r\n");
                String head = Sockets.readUntil(socket, "\r\n\r\n");
                assertFalse(head.contains("chunked"), head);
                assertEquals(
                        request.startsWith("HEAD"),
                        head.toLowerCase(Locale.ROOT).contains("content-length: 5"),
                        head);
            }
            Sockets.send(socket, "GET /last HTTP/1.1\r\nHost: a\r\n\r\n");
            assertTrue(Sockets.readUntil(socket, "last").startsWith("HTTP/1.1 200"));
        }
    }

    @Test
    void aRedirectIsTheClientsToFollow() throws Exception {
        gateway.origin("/", request -> request.response()
                        .setStatusCode(302)
                        .putHeader("Location", "/elsewhere")
                        .end())
                .start();
        HttpResponse<String> answer = get("/");
        assertEquals(302, answer.statusCode());
        assertEquals("/elsewhere", answer.headers().firstValue("Location").orElse(""));
    }

    @Test
    void bodiesWithAndWithoutALengthArriveWhole() throws Exception {
        gateway.origin("/", request -> request.body().onSuccess(body -> request.response()
                        .end("length=" + request.getHeader("Content-Length") + " " + body)))
                .start();
        assertTrue(raw("POST", "/", "Content-Length: 5\n\nhello").endsWith("length=5 hello"));
        assertTrue(raw("POST", "/", "Transfer-Encoding: chunked\n\n5\nhello\n0\n\n")
                .endsWith("length=null hello"));
        assertTrue(raw("POST", "/", "").contains("\r\n\r\nlength="));
        assertTrue(raw("DELETE", "/", "Content-Length: 2\n\nab").endsWith("length=2 ab"));
    }

    @Test
    void aBodyOfUnknownLengthArrivesOverHttp2Too() throws Exception {
        gateway.origin("/", request -> request.body()
                        .onSuccess(body -> request.response().end(body)))
                .start();
        HttpClient http2 =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_2).build();
        HttpResponse<String> first =
                http2.send(HttpRequest.newBuilder(gateway.uri("/")).build(), BodyHandlers.ofString());
        assertEquals(HttpClient.Version.HTTP_2, first.version());
        HttpRequest unknown = HttpRequest.newBuilder(gateway.uri("/"))
                .POST(BodyPublishers.fromPublisher(BodyPublishers.ofString("hello")))
                .build();
        assertEquals("hello", http2.send(unknown, BodyHandlers.ofString()).body());
    }

    @Test
    void aClientThatWaitsForPermissionToSendGetsItFromTheOrigin() throws Exception {
        gateway.origin("/", request -> {
                    request.response().writeContinue();
                    request.body().onSuccess(body -> request.response().end(body));
                })
                .start();
        try (Socket socket = gateway.socket()) {
            Sockets.send(socket, "POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n");
            assertEquals("HTTP/1.1 100 Continue\r\n\r\n", Sockets.readUntil(socket, "\r\n\r\n"));
            Sockets.send(socket, "ab");
            Sockets.readUntil(socket, "\r\n\r\nab");
        }
    }

    @Test
    void aClientThatWaitsForPermissionToSendHearsThatItNeedNot() throws Exception {
        gateway.origin("/", request -> request.response().setStatusCode(417).end("no"))
                .start();
        try (Socket socket = gateway.socket()) {
            Sockets.send(socket, "POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n");
            assertTrue(Sockets.readUntil(socket, "no").startsWith("HTTP/1.1 417 "));
        }
    }

    @Test
    void trailersOfAnAnswerArrive() throws Exception {
        gateway.origin("/", request -> request.response()
                        .setChunked(true)
                        .putHeader("Trailer", "Digest")
                        .putTrailer("Digest", "sha-256=x")
                        .end("body"))
                .start();
        String answer = raw("GET", "/", "");
        assertTrue(answer.contains("railer: Digest\r\n"), answer);
        assertTrue(answer.endsWith("4\r\nbody\r\n0\r\nDigest: sha-256=x\r\n\r\n"), answer);
    }

    @Test
    void earlyHintsPassOverHttp11WhereTheyAreEnabled() throws Exception {
        int port = gateway.server(OriginProxyTest::hint);
        gateway.origin(TestOrigin.of("/quiet", port))
                .origin(TestOrigin.of("/", port)
                        .withFields(new OriginFields(List.of(), List.of(), true, FieldChanges.NONE, FieldChanges.NONE)))
                .start();
        String answer = raw("GET", "/", "");
        assertTrue(answer.startsWith("HTTP/1.1 103 Early Hints\r\n"), answer);
        assertTrue(answer.contains("</a.css>; rel=preload\r\n\r\nHTTP/1.1 200 OK\r\n"), answer);
        assertTrue(raw("GET", "/quiet", "").startsWith("HTTP/1.1 200 OK\r\n"));
    }

    @Test
    void earlyHintsPassOverHttp2() throws Exception {
        gateway.origin("/", OriginProxyTest::hint).start();
        CompletableFuture<String> hinted = new CompletableFuture<>();
        io.vertx.core.http.HttpClient http2 = gateway.vertx.createHttpClient(
                new HttpClientOptions().setProtocolVersion(HttpVersion.HTTP_2).setHttp2ClearTextUpgrade(false));
        String body = http2.request(HttpMethod.GET, gateway.port(), "127.0.0.1", "/")
                .compose(request -> request.earlyHintsHandler(hints -> hinted.complete(hints.get("Link")))
                        .send())
                .compose(HttpClientResponse::body)
                .await(10, TimeUnit.SECONDS)
                .toString();
        assertEquals("body", body);
        assertEquals("</a.css>; rel=preload", hinted.getNow("none"));
    }

    private static void hint(HttpServerRequest request) {
        request.response().writeEarlyHints(MultiMap.caseInsensitiveMultiMap().add("Link", "</a.css>; rel=preload"));
        request.response().end("body");
    }

    @Test
    void aTransferCodingThatNobodyWouldUndoIsRefused() throws Exception {
        gateway.origin("/", saying("app")).start();
        String answer = raw("POST", "/", "Transfer-Encoding: gzip, chunked\n\n0\n\n");
        assertTrue(answer.startsWith("HTTP/1.1 400 "), answer);
    }

    @Test
    void aStreamOfAnOriginFlowsBeforeItEnds() throws Exception {
        CompletableFuture<HttpServerResponse> stream = new CompletableFuture<>();
        gateway.origin("/", request -> {
                    HttpServerResponse response =
                            request.response().setChunked(true).putHeader("Content-Type", "text/event-stream");
                    response.write("data: first\n\n");
                    stream.complete(response);
                })
                .start();
        try (Socket socket = gateway.socket()) {
            Sockets.send(socket, "GET / HTTP/1.1\r\nHost: a\r\nAccept: text/event-stream\r\n\r\n");
            assertTrue(Sockets.readUntil(socket, "data: first\n\n").contains("text/event-stream"));
            HttpServerResponse response = stream.get(10, TimeUnit.SECONDS);
            response.write("data: second\n\n");
            Sockets.readUntil(socket, "data: second\n\n");
            response.end();
            Sockets.readUntil(socket, "0\r\n\r\n");
        }
    }

    @Test
    void aClientOfHttp10GetsAStreamUntilTheConnectionEnds() throws Exception {
        CompletableFuture<HttpServerResponse> stream = new CompletableFuture<>();
        gateway.origin("/", request -> {
                    HttpServerResponse response = request.response().setChunked(true);
                    response.write("first");
                    stream.complete(response);
                })
                .start();
        try (Socket socket = gateway.socket()) {
            Sockets.send(socket, "GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
            String head = Sockets.readUntil(socket, "first");
            assertTrue(head.startsWith("HTTP/1.0 200"), head);
            assertFalse(head.contains("chunked"), head);
            assertTrue(head.toLowerCase(Locale.ROOT).contains("connection: close"), head);
            stream.get(10, TimeUnit.SECONDS).end("last");
            assertEquals("last", new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII));
        }
    }

    @Test
    void aClientOfHttp10KeepsItsConnectionWhenTheLengthIsKnown() throws Exception {
        gateway.origin("/", saying("hello")).start();
        try (Socket socket = gateway.socket()) {
            for (int i = 0; i < 2; i++) {
                Sockets.send(socket, "GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
                String answer = Sockets.readUntil(socket, "hello");
                assertTrue(answer.toLowerCase(Locale.ROOT).contains("content-length: 5"), answer);
            }
        }
    }

    private static void assertRefused(String answer) {
        assertTrue(answer.startsWith("HTTP/1.1 400 ") || answer.startsWith("HTTP/1.1 404 "), answer);
        assertFalse(answer.endsWith("app") || answer.endsWith("admin"), answer);
    }

    private static Handler<HttpServerRequest> saying(String text) {
        return request -> request.response().end(text);
    }

    private static Handler<HttpServerRequest> listingHeaders() {
        return request -> request.response()
                .end(Buffer.buffer("\nuri=" + request.uri() + "\n"
                        + request.headers().entries().stream()
                                .map(header ->
                                        header.getKey().toLowerCase(Locale.ROOT) + "=" + header.getValue() + "\n")
                                .collect(Collectors.joining())));
    }

    private HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return client.send(HttpRequest.newBuilder(gateway.uri(path)).build(), BodyHandlers.ofString());
    }

    /**
     * Sends one request on a new connection and returns the response.
     *
     * @param rest the further header lines and, after an empty line, the body; lines end in LF, which is sent as CRLF
     */
    private String raw(String method, String target, String rest) throws IOException {
        String head = method + " " + target + " HTTP/1.1\nHost: a.example:8443\nConnection: close\n";
        String end = rest.contains("\n\n") ? "" : rest.isEmpty() ? "\n" : "\n\n";
        return gateway.raw((head + rest + end).replace("\n", "\r\n"));
    }
}
