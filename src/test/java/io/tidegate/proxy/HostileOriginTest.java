package io.tidegate.proxy;

import static io.tidegate.fixture.HostileOrigin.repeat;
import static io.tidegate.fixture.HostileOrigin.trickle;
import static io.tidegate.fixture.HostileOrigin.write;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidegate.fixture.HostileOrigin;
import io.tidegate.fixture.Sockets;
import io.tidegate.fixture.TestOrigin;
import io.tidegate.proxy.origin.Origin;
import io.tidegate.proxy.origin.OriginLimits;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests that a misbehaving origin affects only the requests that are sent to it. */
@Timeout(120)
@ExtendWith(VertxExtension.class)
class HostileOriginTest {

    private ProxyServer gateway;
    private final HostileOrigin hostile = new HostileOrigin();

    HostileOriginTest() throws IOException {}

    @BeforeEach
    void start(Vertx vertx) throws Exception {
        gateway = new ProxyServer(vertx);
        gateway.origin("/bad", hostile.port())
                .origin("/", request -> request.response().end("well"))
                .start(HostileOriginTest::withShortTimeouts);
    }

    @AfterEach
    void stop() throws Exception {
        hostile.close();
    }

    @Test
    void garbage() throws Exception {
        hostile.behave(HostileOrigin::garbage);
        assertProblem(502);
    }

    @Test
    void aLineWithoutAnEnd() throws Exception {
        hostile.behave(out -> repeat(out, "HTTP/1.1 200 ", "x".repeat(1_000)));
        assertProblem(502);
    }

    @Test
    void headersWithoutAnEnd() throws Exception {
        hostile.behave(out -> repeat(out, "HTTP/1.1 200 OK\r\n", "X-More: " + "x".repeat(1_000) + "\r\n"));
        assertProblem(502);
    }

    @Test
    void preliminaryAnswersWithoutAnEnd() throws Exception {
        hostile.behave(out -> repeat(out, "", "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n"));
        String answer = ask();
        // Some of the early hints were relayed before the request failed.
        assertTrue(answer.contains("HTTP/1.1 502 "), answer);
        assertTrue(answer.length() < 8_000, "bytes relayed: " + answer.length());
    }

    @Test
    void permissionsToGoOnWithoutAnEnd() throws Exception {
        hostile.behave(out -> repeat(out, "", "HTTP/1.1 100 Continue\r\n\r\n"));
        assertBroken(ask());
    }

    @Test
    void otherPreliminaryAnswersWithoutAnEnd() throws Exception {
        hostile.behave(out -> repeat(out, "", "HTTP/1.1 102 Processing\r\n\r\n"));
        assertBroken(ask());
    }

    @Test
    void aHeadThatTrickles() throws Exception {
        hostile.behave(out -> trickle(out, "HTTP/1.1 200 OK\r\nX: " + "x".repeat(10_000)));
        assertProblem(504);
    }

    @Test
    void aBodyThatTrickles() throws Exception {
        hostile.behave(out -> {
            write(out, "HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n");
            trickle(out, "x".repeat(10_000));
        });
        String answer = ask();
        assertTrue(answer.startsWith("HTTP/1.1 200 "), answer);
        assertTrue(answer.length() < 10_000, "the response was not cut off by max-age");
    }

    @Test
    void anEndBeforeItsTime() throws Exception {
        hostile.behave(out -> {
            write(out, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf");
            out.close();
        });
        String answer = ask();
        assertTrue(answer.endsWith("half"), answer);
    }

    @Test
    void twoLengths() throws Exception {
        hostile.behave(out -> write(out, "HTTP/1.1 200 OK\r\nContent-Length: 4\r\nContent-Length: 5\r\n\r\nfourfive"));
        assertProblem(502);
    }

    @ParameterizedTest
    @ValueSource(strings = {"content-length", "close, Content-Length", "keep-alive\r\nConnection: Set-Cookie"})
    void aFieldOfTheMessageThatIsNamedAsOneOfTheConnection(String named) throws Exception {
        hostile.behave(out -> write(
                out,
                "HTTP/1.1 200 OK\r\nConnection: " + named + "\r\nContent-Length: 5\r\nSet-Cookie: a=1\r\n\r\nhello"));
        assertProblem(502);
    }

    @Test
    void chunksThatAreNone() throws Exception {
        hostile.behave(out -> write(out, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"));
        String answer = ask();
        assertFalse(answer.contains("0\r\n\r\n"), answer);
    }

    @Test
    void anAnswerToARequestThatNobodySent() throws Exception {
        hostile.behave(out -> write(
                out,
                "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nmineHTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nothers"));
        String answer = ask();
        assertTrue(answer.endsWith("mine"), answer);
        assertTrue(ask().endsWith("mine"));
    }

    private static Origin withShortTimeouts(Origin origin) {
        OriginLimits requests =
                TestOrigin.limits(Duration.ofSeconds(1), Duration.ofSeconds(1), Duration.ofSeconds(3), 4, 4);
        return TestOrigin.allowing(origin, requests, origin.streams());
    }

    private static void assertBroken(String answer) {
        assertTrue(answer.contains("HTTP/1.1 50"), answer);
    }

    /** Returns the response of the bad origin, after checking that other requests are served during and after it. */
    private String ask() throws IOException {
        try (Socket socket = gateway.socket()) {
            Sockets.send(socket, "GET /bad HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
            assertOthersServed();
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
            assertOthersServed();
            return answer;
        }
    }

    private void assertOthersServed() throws IOException {
        String answer = gateway.raw("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
        assertTrue(answer.endsWith("well"), answer);
    }

    private void assertProblem(int status) throws IOException {
        String answer = ask();
        assertTrue(answer.startsWith("HTTP/1.1 " + status + " "), answer);
        assertEquals(1, answer.split("HTTP/1.1", -1).length - 1, answer);
    }
}
