package io.tidegate.terminal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidegate.cli.Main;
import io.tidegate.fixture.Needs;
import io.tidegate.fixture.Processes;
import io.tidegate.fixture.TestStream;
import io.tidegate.fixture.TestTerminal;
import io.vertx.core.json.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests the demo as a process: its output, its pages, and that it leaves no files or processes behind. */
@Needs("script")
@Timeout(180)
class DemoTest {

    private static final long TIMEOUT_SECONDS = 60;
    private static final Pattern SERVICE = Pattern.compile("^ +(http://127\\.0\\.0\\.1:\\d+)/$");
    private static final Pattern LIVE = Pattern.compile("^ +(http://127\\.0\\.0\\.1:\\d+)/live\\.html$");
    private static final Pattern END = Pattern.compile("^Ctrl-C stops everything");

    @TempDir
    private Path folder;

    private Process demo;
    private BufferedReader out;
    private URI service;
    private URI gateway;

    @BeforeEach
    void start() throws IOException {
        demo = Processes.java(List.of(
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-Djava.io.tmpdir=" + folder,
                        "-Dtidegate.log=warn",
                        "-cp",
                        TestTerminal.classPath(),
                        Main.class.getName(),
                        "demo",
                        "--no-open"))
                .directory(folder.toFile())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        out = new BufferedReader(new InputStreamReader(demo.getInputStream(), StandardCharsets.UTF_8));
        service = URI.create(await(SERVICE).group(1));
        gateway = URI.create(await(LIVE).group(1));
        await(END);
    }

    @AfterEach
    void stop() {
        demo.destroyForcibly();
    }

    @Test
    void bothPagesAreThereAndTheBetterOneIsToldWhatChanges() throws Exception {
        assertEquals(200, TestShell.send("GET", service.resolve("/"), "").statusCode());
        assertEquals(
                200, TestShell.send("GET", gateway.resolve("/live.html"), "").statusCode());
        assertEquals(
                200,
                TestShell.send("GET", gateway.resolve("/_tidegate/client.js"), "")
                        .statusCode());
        try (TestStream stream = TestStream.open(gateway.getPort(), "/api/sse/sessions")) {
            stream.awaitBody("\"sessions\":[]");
            JsonObject session = TestShell.create(gateway, "{\"name\":\"through the gateway\"}");
            stream.awaitBody("through the gateway");
            TestShell.create(service, "{\"name\":\"beside it\"}");
            stream.awaitBody("beside it");
            TestShell.send("DELETE", gateway.resolve("/api/sessions/" + session.getString("id")), "");
            stream.awaitBody("session_terminated");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TERM", "INT"})
    void itEndsWithItsChildrenAndLeavesNothing(String signal) throws Exception {
        List<ProcessHandle> children = withAShell();
        Processes.signal(demo, signal);
        assertTrue(demo.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS));
        assertEquals(0, demo.exitValue());
        assertEquals(List.of(), children.stream().filter(DemoTest::runs).toList());
        try (Stream<Path> left = Files.list(folder)) {
            assertEquals(
                    List.of(),
                    left.filter(path -> path.toString().contains("tidegate")).toList());
        }
    }

    @Test
    void itsChildrenEndAlsoWhenItIsKilled() throws Exception {
        List<ProcessHandle> children = withAShell();
        demo.destroyForcibly();
        await(() -> children.stream().noneMatch(DemoTest::runs));
    }

    /** Starts a program in a shell and returns all processes started by the demo, including that program. */
    private List<ProcessHandle> withAShell() throws Exception {
        JsonObject session = TestShell.create(gateway, "{}");
        TestShell.attach(gateway, session.getString("id"), true)
                .type("sleep 4324 & echo st''arted\r")
                .await("started");
        List<ProcessHandle> children = demo.descendants().toList();
        assertFalse(children.size() < 4, children.toString());
        return children;
    }

    /** Returns whether a process is running. A zombie, which no longer has a program, does not count as running. */
    private static boolean runs(ProcessHandle process) {
        return process.isAlive() && process.info().command().isPresent();
    }

    private Matcher await(Pattern pattern) throws IOException {
        for (String line = out.readLine(); line != null; line = out.readLine()) {
            Matcher matcher = pattern.matcher(line);
            if (matcher.find()) {
                return matcher;
            }
        }
        throw new AssertionError("the output ended without a match of " + pattern);
    }

    private static void await(BooleanSupplier condition) {
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(TIMEOUT_SECONDS);
        while (!condition.getAsBoolean()) {
            assertTrue(System.nanoTime() < until, "timed out");
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
        }
    }
}
