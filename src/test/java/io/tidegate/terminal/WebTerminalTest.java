package io.tidegate.terminal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidegate.fixture.Needs;
import io.tidegate.fixture.TestTerminal;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Tests the example service without the gateway. */
@Needs("script")
@Timeout(180)
class WebTerminalTest {

    private static final long TIMEOUT_SECONDS = 40;
    private static final long QUIET_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** A command that starts processes that ignore SIGHUP and detach from their terminal, process group and parent. */
    private static final String STUBBORN =
            "(trap '' HUP; setsid sleep 4321 &) ; (trap '' HUP TERM; sleep 4322) & echo on its way\r";

    /**
     * A command that prints a line when it is ready for Ctrl-C, which discards input typed before it, and when it was
     * interrupted. Its pauses are short because a pause that starts just after the signal is not interrupted by the
     * signal.
     */
    private static final String LISTENING = "sh -c 'trap \"echo was $((0))interrupted; exit\" INT;"
            + " echo is $((0))listening; while :; do sleep 0.1; done'\r";

    @TempDir
    private Path folder;

    private TestTerminal service;

    @BeforeEach
    void start() throws Exception {
        service = TestTerminal.start(folder, "--max-sessions", "3", "--requests-per-minute", "20");
    }

    @AfterEach
    void stop() throws Exception {
        service.close();
    }

    @Test
    void aSessionIsAShellOnATerminalOfItsOwn() throws Exception {
        JsonObject session = TestShell.create(service.uri("/"), "{\"name\":\"one\",\"cols\":100,\"rows\":30}");
        assertEquals("one", session.getString("name"));
        TestShell shell = TestShell.attach(service, session);
        shell.type("tty; stty size\r").await("30 100");
        shell.await("/dev/pts/");
        shell.resize(90, 20).type("stty size\r").await("20 90");
        shell.type("printf 'gr%s\\n' üße\r").await("grüße\r\n");
        shell.type(LISTENING).await("is 0listening");
        shell.type("\u0003").await("was 0interrupted");
        assertEquals("90×20 active", list().get(0));
        shell.type("exit\r");
        assertEquals("1000 the shell has ended", shell.awaitClose());
        assertEquals(List.of(), list());
    }

    @Test
    void aPageThatComesLaterSeesWhatWasSaidAndTakesOver() throws Exception {
        JsonObject session = TestShell.create(service.uri("/"), "{}");
        TestShell first = TestShell.attach(service, session);
        first.type("echo re''member\r").await("remember");
        TestShell second = TestShell.attach(service, session);
        second.await("remember");
        assertEquals("4000 opened elsewhere", first.awaitClose());
        second.type("echo st''ill\r").await("still");
    }

    @Test
    void aTerminatedSessionLeavesNothingBehind() throws Exception {
        JsonObject session = TestShell.create(service.uri("/"), "{}");
        TestShell.attach(service, session).type(STUBBORN).await("on its way\r\n");
        await(() -> processes(session).size() >= 4);
        assertEquals(
                204,
                send("DELETE", "/api/sessions/" + session.getString("id"), "").statusCode());
        assertEquals(List.of(), processes(session));
        assertEquals(
                404,
                send("DELETE", "/api/sessions/" + session.getString("id"), "").statusCode());
    }

    @Test
    void whenTheServiceStopsOrIsKilledItsShellsEnd() throws Exception {
        JsonObject session = TestShell.create(service.uri("/"), "{}");
        TestShell.attach(service, session).type(STUBBORN).await("on its way\r\n");
        await(() -> processes(session).size() >= 4);
        service.close();
        assertEquals(List.of(), processes(session));

        start();
        JsonObject other = TestShell.create(service.uri("/"), "{}");
        TestShell.attach(service, other).type("sleep 4323\r").await("4323\r\n");
        service.process().destroyForcibly();
        await(() -> processes(other).isEmpty());
    }

    @Test
    void aShellWaitsForAPageThatDoesNotRead() throws Exception {
        JsonObject session = TestShell.create(service.uri("/"), "{}");
        TestShell slow = TestShell.attach(service.uri("/"), session.getString("id"), false);
        slow.type("head -c 300M /dev/zero | tee written | tr '\\0' x; echo a''ll\r");
        Path file = folder.resolve("written");
        long written = settledSize(file);
        assertTrue(written < 100 << 20, written + " bytes were read");
        assertEquals(
                204,
                send("DELETE", "/api/sessions/" + session.getString("id"), "").statusCode());
    }

    @Test
    void thereAreNoMoreSessionsThanAllowed() throws Exception {
        for (int i = 0; i < 3; i++) {
            assertEquals(201, send("POST", "/api/sessions", "{}").statusCode());
        }
        assertEquals(409, send("POST", "/api/sessions", "{}").statusCode());
        assertEquals(3, list().size());
    }

    @Test
    void whoAsksTooOftenIsToldWhenToComeBack() throws Exception {
        for (int i = 0; i < 20; i++) {
            assertEquals(200, send("GET", "/api/sessions", "").statusCode());
        }
        HttpResponse<String> refused = send("GET", "/api/sessions", "");
        assertEquals(429, refused.statusCode());
        int wait = Integer.parseInt(refused.headers().firstValue("Retry-After").orElseThrow());
        assertTrue(wait > 0 && wait <= 60, "Retry-After: " + wait);
        assertEquals(201, send("POST", "/api/sessions", "{}").statusCode());
    }

    @Test
    void filesOfTheFolderCanBeDownloadedAndNoOthers() throws Exception {
        Files.writeString(folder.resolve("notes.txt"), "hello");
        Files.writeString(folder.resolve(".secret"), "no");
        assertEquals("hello", send("GET", "/files/notes.txt", "").body());
        assertEquals(404, send("GET", "/files/.secret", "").statusCode());
        assertEquals(404, send("GET", "/files/%2e%2e/%2e%2e/etc/passwd", "").statusCode());
    }

    @Test
    void whatMakesNoSenseIsRefused() throws Exception {
        assertEquals(400, send("POST", "/api/sessions", "{\"cols\":0}").statusCode());
        assertEquals(400, send("POST", "/api/sessions", "no json").statusCode());
        assertEquals(404, send("GET", "/api/sessions/none", "").statusCode());
    }

    private HttpResponse<String> send(String method, String path, String body) throws Exception {
        return TestShell.send(method, service.uri(path), body);
    }

    private List<String> list() {
        try {
            return new JsonObject(send("GET", "/api/sessions", "").body())
                    .getJsonArray("sessions").stream()
                            .map(JsonObject.class::cast)
                            .map(session -> session.getString("size") + ' ' + session.getString("status"))
                            .toList();
        } catch (Exception failed) {
            throw new AssertionError(failed);
        }
    }

    /** Returns the command lines of all processes that were started in the session. */
    private static List<String> processes(JsonObject session) {
        return ProcessHandle.allProcesses()
                .filter(process -> read(process, "environ").contains(session.getString("id")))
                .map(process -> read(process, "cmdline"))
                .toList();
    }

    private static String read(ProcessHandle process, String file) {
        try {
            return Files.readString(Path.of("/proc", Long.toString(process.pid()), file))
                    .replace('\0', ' ');
        } catch (IOException gone) {
            return "";
        }
    }

    /** Waits until the file is not empty and has not grown for a second. Returns its size. */
    private static long settledSize(Path file) throws IOException {
        await(() -> file.toFile().length() > 0);
        long size = 0;
        for (long since = System.nanoTime(); System.nanoTime() - since < QUIET_NANOS; pause()) {
            if (Files.size(file) != size) {
                size = Files.size(file);
                since = System.nanoTime();
            }
        }
        return size;
    }

    private static void pause() {
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
    }

    private static void await(BooleanSupplier condition) {
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(TIMEOUT_SECONDS);
        while (!condition.getAsBoolean()) {
            assertTrue(System.nanoTime() < until, "timed out");
            pause();
        }
    }
}
