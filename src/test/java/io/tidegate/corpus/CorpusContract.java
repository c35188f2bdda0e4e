package io.tidegate.corpus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidegate.corpus.Row.Expected;
import io.tidegate.fixture.RawClient;
import io.tidegate.fixture.RawClient.Answer;
import io.tidegate.problem.Problem;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Sends every row to one node, directly or through nginx, and checks the responses. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(120)
@SuppressWarnings("NullAway.Init") // the fields are set before all tests
@ExtendWith(VertxExtension.class)
abstract class CorpusContract {

    private static final String HEALTH = "GET /health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    /** Implementation details of the gateway, its libraries or the machine, which no error response may reveal. */
    private static final Pattern INTERNALS = Pattern.compile(
            "exception|java\\.|io\\.tidegate|io\\.vertx|netty|jackson|sqlite|\tat |\\.java|/home/|/tmp/|/usr/");

    private static final Pattern SECRET = Pattern.compile("eyJ|tide-[A-Za-z0-9_-]{43}|" + CorpusNode.CLOSED);

    private CorpusNode node;
    private int port;

    /** Starts the server in front of the node, if there is one, and returns the port to connect to. */
    abstract int open(CorpusNode node, Path folder) throws Exception;

    /** Returns whether the requests are sent directly to the node. */
    abstract boolean direct();

    @BeforeAll
    void start(Vertx vertx, @TempDir Path folder) throws Exception {
        node = CorpusNode.start(vertx, folder.resolve("data"), !direct());
        port = open(node, folder);
    }

    @AfterAll
    void stop() {
        node.close();
    }

    static Stream<Row> rows() {
        return Stream.of(
                        TokenRows.all(),
                        GrantRows.all(),
                        JsonRows.all(),
                        TargetRows.all(),
                        FramingRows.all(),
                        SizeRows.all(),
                        BrowserRows.all(),
                        ForwardedRows.all())
                .flatMap(rows -> rows);
    }

    @ParameterizedTest
    @MethodSource("rows")
    void isAnsweredAsItsRowSaysAndChangesNothing(Row row) throws Exception {
        String before = node.cursor();
        for (int n = 1; n < row.times(); n++) {
            try (RawClient client = new RawClient(port)) {
                assertTrue(
                        client.send(node.request(row, n)).response().status() != 429,
                        "a request within the limit was refused");
            }
        }
        try (RawClient client = new RawClient(port)) {
            boolean whole = send(client, node.request(row, row.times()));
            Expected expected = direct() ? row.direct() : row.nginx();
            if (expected.status() > 0) {
                check(expected, client.response());
            }
            String rest = whole && send(client, HEALTH) ? client.rest() : "";
            check(row, rest);
        }
        assertEquals(before, node.cursor(), "the request changed the journal");
    }

    private static void check(Expected expected, Answer answer) {
        String head = answer.headers().toString();
        String all = head + answer.body();
        assertEquals(expected.status(), answer.status(), all);
        if (!expected.code().isEmpty()) {
            checkProblem(expected, answer);
        }
        expected.headers().forEach((name, value) -> assertEquals(value, answer.header(name), name + " of " + head));
        expected.has().forEach(text -> assertTrue(answer.body().contains(text), all));
        expected.lacks().forEach(text -> assertFalse(all.contains(text), all));
        assertFalse(SECRET.matcher(answer.body()).find(), all);
        if (answer.status() >= 400) {
            assertFalse(INTERNALS.matcher(all.toLowerCase(Locale.ROOT)).find(), all);
            assertFalse(SECRET.matcher(head).find(), all);
        }
    }

    private static void checkProblem(Expected expected, Answer answer) {
        assertEquals(Problem.MEDIA_TYPE, answer.header("Content-Type"), answer.body());
        assertEquals(expected.code(), answer.json().getString("code"), answer.body());
        assertEquals(
                Set.of("type", "title", "status", "code", "detail"),
                answer.json().fieldNames());
        assertEquals(expected.status(), answer.json().getInteger("status"));
        assertEquals("nosniff", answer.header("X-Content-Type-Options"));
        assertEquals("no-store", answer.header("Cache-Control"));
    }

    /**
     * Checks that the connection is closed or answers the next request, and that no request smuggled in the row was
     * answered.
     */
    private void check(Row row, String rest) {
        boolean ended = rest.isEmpty();
        if (direct()) {
            assertEquals(row.ends(), ended, rest);
        }
        assertTrue(
                ended
                        || rest.startsWith("HTTP/1.1 200")
                                && rest.endsWith("{\"status\":\"UP\"}")
                                && rest.indexOf("HTTP/1.1 ", 1) < 0,
                rest);
    }

    /**
     * Sends the request, one byte for each character.
     *
     * @return false if the server closed the connection before the whole request was sent
     */
    private static boolean send(RawClient client, String request) {
        try {
            client.send(request);
            return true;
        } catch (IOException hungUp) {
            return false;
        }
    }

    static List<String> requests() {
        return rows().map(Row::request).toList();
    }
}
