package io.tidegate.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidegate.access.Caller;
import io.tidegate.access.Role;
import io.tidegate.auth.token.AuthOptions;
import io.tidegate.auth.token.Tokens;
import io.tidegate.event.TopicPattern;
import io.tidegate.fixture.Needs;
import io.tidegate.journal.Journal;
import io.tidegate.journal.Journaling;
import io.tidegate.journal.history.JournalOptions;
import io.tidegate.node.JournalFactory;
import io.tidegate.node.Settings;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CommandsTest {

    private record Run(int code, String out, String err) {}

    private final Path folder;
    private final Map<String, String> environment = new HashMap<>();
    private final List<Settings> started = new ArrayList<>();
    private Starter starter = settings -> Future.failedFuture("not expected to start");
    private CompletableFuture<Void> signal = CompletableFuture.completedFuture(null);

    CommandsTest(@TempDir Path folder) {
        this.folder = folder;
    }

    @Test
    void checkConfigSaysOkOrEveryProblemWithItsPath() throws IOException {
        assertEquals(new Run(0, "ok\n", ""), tidegate("check-config"));
        Path file = write(
                """
                http:
                  port: 70000
                  prot: 1
                management: {port: 8080}
                deploys: {default-recipe: none}
                origins:
                  - {prefix: /a, url: "http://127.0.0.1:3000"}
                  - {prefix: /a, url: "http://127.0.0.1:3000/path"}
                  - {prefix: /b/../c, url: "ftp://127.0.0.1"}
                """);
        environment.put("TIDEGATE_STREAMS_HEARTBEAT", "soon");
        environment.put("TIDEGATE_LOG", "loud");
        String where = "(" + file + ":";
        assertEquals(
                new Run(
                        1,
                        "",
                        "tidegate: must be KEY=VALUE, not 'nonsense' (--set)\n"
                                + "tidegate: TIDEGATE_LOG: must be one of trace, debug, info, warn, error, off, not 'loud'\n"
                                + "tidegate: http.prot: is not a known key; did you mean port? " + where + "3)\n"
                                + "tidegate: http.port: must be between 0 and 65535, not 70000 " + where + "2)\n"
                                + "tidegate: streams.heartbeat: must be a duration such as 250ms, 15s, 10m, 1h or 7d, not 'soon'"
                                + " (TIDEGATE_STREAMS_HEARTBEAT)\n"
                                + "tidegate: origins[1].url: must end after the host or port; paths are forwarded as received "
                                + where + "8)\n"
                                + "tidegate: origins[2].prefix: must be a plain path such as /app, without escapes and dot segments "
                                + where + "9)\n"
                                + "tidegate: management.port: must differ from http.port " + where + "4)\n"
                                + "tidegate: deploys.default-recipe: must name a recipe, not 'none' " + where + "5)\n"),
                tidegate("check-config", "--set", "nonsense"));
    }

    @Test
    void twoOriginsOfOnePrefixAreRefused() throws IOException {
        write("origins: [{prefix: /a, url: 'http://a'}, {prefix: /a, url: 'http://b'}]\n");
        Run run = tidegate("check-config");
        assertEquals(1, run.code());
        assertTrue(
                run.err().startsWith("tidegate: origins[1].prefix: must differ from that of every other origin: /a"),
                run.err());
    }

    @Test
    void aFileNamedByAFlagHasToExist() {
        assertEquals(
                new Run(1, "", "tidegate: the file does not exist (" + folder.resolve("other.yaml") + ")\n"),
                tidegate("check-config", "--config", "other.yaml"));
    }

    @Test
    void printConfigShowsWhatAllLayersComeTo() throws IOException {
        write("http: {host: 127.0.0.2, port: 1}\nstreams: {retry: 5s}\n");
        environment.put("TIDEGATE_HTTP_PORT", "2");
        environment.put("TIDEGATE_HTTP_EVENT_LOOPS", "3");
        Run run = tidegate("print-config", "--set", "journal.store=memory", "--port", "4");
        assertEquals("", run.err());
        assertTrue(
                run.out().contains("http:\n  host: 127.0.0.2\n  port: 4\n  socket-mode: '0660'\n  event-loops: 3\n"),
                run.out());
        assertTrue(run.out().contains("retry: 5s\n"), run.out());
        assertTrue(run.out().contains("store: memory\n"), run.out());
        assertTrue(run.out().contains("enabled: true\n  path: /_tidegate/\n"), run.out());
        assertTrue(run.out().endsWith("shutdown:\n  time-limit: 30s\n"), run.out());
        assertEquals(1, tidegate("print-config", "--port", "x").code());
    }

    @Test
    void tokenMintsWithTheKeyOfTheDataFolder() {
        Run run = tidegate(
                "token",
                "--role",
                "publisher",
                "--topics",
                "a,b/**",
                "--ttl",
                "2h",
                "--subject",
                "me",
                "--data",
                data());
        assertEquals(0, run.code(), run.err());
        Caller caller = verify(run.out().strip());
        assertEquals("me", caller.subject());
        assertEquals(Role.PUBLISHER, caller.role());
        assertEquals(List.of(new TopicPattern("a"), new TopicPattern("b/**")), caller.publish());
        Duration left = Duration.between(Instant.now(), caller.expires());
        assertTrue(left.compareTo(Duration.ofMinutes(119)) > 0 && left.compareTo(Duration.ofHours(2)) <= 0);
        assertEquals(
                Role.VIEWER,
                verify(tidegate("token", "--role", "viewer", "--data", data())
                                .out()
                                .strip())
                        .role());
    }

    @Test
    void aTokenThatCannotBeIsAWrongCommandLine() {
        for (String[] wrong : new String[][] {
            {"token"},
            {"token", "--role", "king"},
            {"token", "--role", "viewer", "--ttl", "soon"},
            {"token", "--role", "viewer", "--ttl", "0s"},
            {"token", "--role", "viewer", "--topics", "a//b"},
            {"tokens"},
        }) {
            Run run = tidegate(append(wrong, "--data", data()));
            assertEquals(2, run.code(), String.join(" ", wrong));
            assertEquals("", run.out());
        }
        Run run = tidegate("token", "--role", "viewer", "--ttl", "soon");
        assertTrue(run.err().contains("must be a duration such as"), run.err());
    }

    @Test
    void aKeyThatCannotBeReadIsToldInOneLine() throws IOException {
        Files.createDirectories(folder.resolve("data/tidegate.key"));
        Run run = tidegate("token", "--role", "viewer", "--data", data());
        assertEquals(1, run.code());
        assertTrue(run.err().contains("tidegate.key"), run.err());
        assertEquals(1, run.err().lines().count(), run.err());
    }

    @Test
    void verifyComparesTheJournalWithItsChecksums() throws Exception {
        assertEquals(
                new Run(1, "", "tidegate: there is no journal in " + data() + "\n"),
                tidegate("verify", "--data", data()));
        Journal journal = Journaling.await(
                JournalFactory.open(folder.resolve("data"), JournalOptions.DEFAULTS, Clock.systemUTC()));
        Journaling.commit(journal, Journaling.draft("a", "1"), Journaling.draft("a", "2"));
        assertEquals(new Run(0, "ok: 2 events match their checksums\n", ""), tidegate("verify", "--data", data()));
        Journaling.await(journal.close());
        Path file = folder.resolve("data/journal.db");
        byte[] bytes = Files.readAllBytes(file);
        byte[] row = "achanged".getBytes(StandardCharsets.US_ASCII);
        for (int i = 0; i + row.length < bytes.length; i++) {
            if (Arrays.equals(bytes, i, i + row.length, row, 0, row.length)) {
                bytes[i] = 'b';
            }
        }
        Files.write(file, bytes);
        Run damaged = tidegate("verify", "--data", data());
        assertEquals(1, damaged.code());
        assertTrue(damaged.err().contains("event 1 does not match its checksum"), damaged.err());
        assertTrue(damaged.out().endsWith("findings: 0 events match their checksums\n"), damaged.out());
        assertEquals(
                "tidegate: journal.store: a journal in memory has no file to verify\n",
                tidegate("verify", "--set", "journal.store=memory").err());
    }

    @Test
    void helpAndVersionAreAnswered() {
        Run help = tidegate("--help");
        assertEquals(0, help.code());
        for (String word : List.of(
                "run", "token", "check-config", "print-config", "verify", "demo", "--config", "--set", "Exit codes")) {
            assertTrue(help.out().contains(word), word);
        }
        assertTrue(tidegate("token", "--help").out().contains("--ttl"));
        assertEquals(new Run(0, "tidegate (development)\n", ""), tidegate("--version"));
    }

    @Test
    void runPrintsHowToReachTheGatewayAndStopsItWhenASignalComes() throws IOException {
        FakeGateway gateway = starts(new FakeGateway(200));
        Run run = tidegate("run", "--data", data(), "--port", "0", "--set", "management.port=0");
        assertEquals(0, run.code(), run.err());
        assertEquals("", run.err());
        String base = "http://127.0.0.1:" + gateway.httpPort();
        assertTrue(run.out().contains("    " + base + "/?ticket=a-ticket\n"), run.out());
        assertTrue(run.out().contains("http://127.0.0.1:9/metrics"), run.out());
        assertEquals(1, gateway.stopped.get());
        assertEquals(data(), started.get(0).data());
    }

    @Test
    void anIncompleteShutdownIsExplainedAndIsAFailure() throws IOException {
        FakeGateway gateway = starts(new FakeGateway(200));
        gateway.incomplete = Optional.of("the disk does not respond");
        Run run = tidegate("run", "--data", data(), "--port", "0", "--set", "management.port=0");
        assertEquals(1, run.code());
        assertEquals("tidegate: the shutdown is incomplete: the disk does not respond\n", run.err());
    }

    @Test
    void withoutACommandTheGatewayRunsUntilTheSignal() throws Exception {
        FakeGateway gateway = starts(new FakeGateway(200));
        signal = new CompletableFuture<>();
        CompletableFuture<Run> running = CompletableFuture.supplyAsync(
                () -> tidegate("--data", data(), "--port", "0", "--set", "management.port=0"));
        signal.complete(null);
        assertEquals(0, running.get().code());
        assertEquals(1, gateway.stopped.get());
    }

    @Test
    @Needs("curl")
    void thePrintedCurlLinesWorkAsTheyStand() throws Exception {
        FakeGateway gateway = starts(new FakeGateway(200));
        signal = new CompletableFuture<>();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        CompletableFuture<Void> printed = new CompletableFuture<>();
        PrintStream stream = new PrintStream(out, false, StandardCharsets.UTF_8) {
            @Override
            public void flush() {
                super.flush();
                printed.complete(null);
            }
        };
        Terminal terminal = new Terminal(stream, stream, environment, folder);
        CompletableFuture<Integer> running = CompletableFuture.supplyAsync(() -> Tidegate.execute(
                terminal, starter, reload -> signal, "--data", data(), "--port", "0", "--set", "management.port=0"));
        printed.get();
        List<String> lines = out.toString(StandardCharsets.UTF_8)
                .lines()
                .filter(line -> line.startsWith("    curl "))
                .toList();
        assertEquals(2, lines.size(), out.toString(StandardCharsets.UTF_8));
        for (String line : lines) {
            Process curl = new ProcessBuilder("sh", "-c", line.strip()).start();
            assertEquals("answered\n", new String(curl.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
            assertEquals(0, curl.waitFor());
        }
        signal.complete(null);
        assertEquals(0, running.get());
        FakeGateway.Asked read = gateway.requests.get(0);
        assertEquals("GET /api/events text/event-stream", read.method() + ' ' + read.path() + ' ' + read.accept());
        assertEquals(
                Role.VIEWER, verify(read.authorization().replace("Bearer ", "")).role());
        FakeGateway.Asked publish = gateway.requests.get(1);
        assertEquals("POST /api/events", publish.method() + ' ' + publish.path());
        assertEquals(
                Role.PUBLISHER,
                verify(publish.authorization().replace("Bearer ", "")).role());
        assertEquals("hello", new JsonObject(publish.body()).getString("type"));
    }

    @Test
    void whatKeepsItFromStartingIsToldInALineEach() throws IOException {
        Path file = Files.createFile(folder.resolve("file"));
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String port = Integer.toString(taken.getLocalPort());
            Run run = tidegate(
                    "--data", file.toString(), "--port", port, "--set", "management.host=no.such.host.invalid");
            assertEquals(1, run.code());
            List<String> lines = run.err().lines().toList();
            assertEquals(
                    List.of(
                            "tidegate: data: cannot write to " + file + ": a file with this name exists",
                            "tidegate: http.port: cannot listen on 127.0.0.1 port " + port + ": Address already in use",
                            "tidegate: management.host: cannot resolve no.such.host.invalid"),
                    lines.stream()
                            .map(line -> line.replace(" (Bind failed)", ""))
                            .toList());
        }
        assertEquals(List.of(), started);
    }

    @Test
    void aFailedStartIsToldInOneLineWithoutATrace() {
        starter = settings -> Future.failedFuture(new IllegalStateException("outer", new IOException("disk is gone")));
        assertEquals(
                new Run(1, "", "tidegate: disk is gone\n"),
                tidegate("--data", data(), "--port", "0", "--set", "management.port=0"));
    }

    @Test
    void aWrongConfigurationStartsNothing() {
        Run run = tidegate("run", "--port", "x");
        assertEquals(new Run(1, "", "tidegate: http.port: must be a whole number, not 'x' (--port)\n"), run);
    }

    @Test
    void aRecipeWithoutItsProgramIsToldBeforeAnybodyStartsIt() throws IOException {
        write("deploys: {recipes: {gone: {command: [no/such/program], time-limit: 1s}}, default-recipe: gone}\n");
        starts(new FakeGateway(201));
        Run run = tidegate("--data", data(), "--port", "0", "--set", "management.port=0");
        assertEquals(0, run.code());
        assertTrue(
                run.err()
                        .startsWith("tidegate: warning: deploys.recipes.gone.command: no program at "
                                + Path.of("no/such/program").toAbsolutePath()),
                run.err());
    }

    private FakeGateway starts(FakeGateway gateway) {
        starter = settings -> {
            started.add(settings);
            gateway.settings = settings;
            return Future.succeededFuture(gateway);
        };
        return gateway;
    }

    private Caller verify(String token) {
        AuthOptions options = Settings.DEFAULTS.auth();
        return Tokens.open(Path.of(data()), options, Clock.systemUTC())
                .verify(token)
                .await();
    }

    private String data() {
        return folder.resolve("data").toString();
    }

    private Path write(String yaml) throws IOException {
        Path file = folder.resolve("conf/tidegate.yaml");
        Files.createDirectories(folder.resolve("conf"));
        return Files.writeString(file, yaml);
    }

    private static String[] append(String[] before, String... more) {
        List<String> all = new ArrayList<>(List.of(before));
        all.addAll(List.of(more));
        return all.toArray(String[]::new);
    }

    private Run tidegate(String... arguments) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Terminal terminal = new Terminal(
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                environment,
                folder);
        int code = Tidegate.execute(terminal, starter, reload -> signal, arguments);
        return new Run(code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }
}
