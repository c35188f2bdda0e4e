package io.tidegate.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidegate.access.Role;
import io.tidegate.config.ConfigResult;
import io.tidegate.fixture.Needs;
import io.tidegate.fixture.Processes;
import io.tidegate.node.Reload;
import io.tidegate.node.Settings;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Tests the command in a separate process: exit codes, output and signals. */
@Timeout(60)
class ProcessTest {

    private final Path folder;

    ProcessTest(@TempDir Path folder) {
        this.folder = folder;
    }

    @Test
    void checkConfigRunsAsAProcess() throws Exception {
        Process good = java(Main.class, "check-config");
        assertEquals("ok\n", text(good));
        assertEquals(0, good.waitFor());

        Process bad = java(Main.class, "check-config", "--set", "http.prot=1");
        assertEquals(1, bad.waitFor());
        assertEquals(
                "tidegate: http.prot: is not a known key; did you mean http.port? (--set http.prot)\n",
                new String(bad.getErrorStream().readAllBytes(), StandardCharsets.UTF_8));
        assertEquals("", text(bad));
    }

    @Test
    @Needs("kill")
    void sigtermAndCtrlCStopItWithExitCodeZero() throws Exception {
        for (String signal : List.of("TERM", "INT")) {
            Process process = java(Child.class, "graceful");
            awaitStart(process);
            Processes.signal(process, signal);
            assertEquals(0, process.waitFor(), signal);
        }
    }

    @Test
    @Needs("kill")
    void aSecondSignalEndsItAtOnce() throws Exception {
        Process process = java(Child.class, "hanging");
        BufferedReader out = awaitStart(process);
        Processes.signal(process, "TERM");
        assertEquals("stopping", out.readLine());
        Processes.signal(process, "INT");
        assertTrue(process.waitFor(20, TimeUnit.SECONDS));
        assertEquals(130, process.exitValue());
    }

    @Test
    @Needs("sh")
    void aLimitOfOpenFilesThatIsTooLowIsNamed() throws Exception {
        List<String> command = List.of(
                "sh",
                "-c",
                "ulimit -n 40; exec \"$@\"",
                "sh",
                Processes.java(),
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName());
        Process process = Processes.builder(command).directory(folder.toFile()).start();
        assertEquals(1, process.waitFor());
        assertEquals(
                "tidegate: the limit of open files (ulimit -n, or LimitNOFILE of systemd) is 40;"
                        + " the gateway needs at least 128\n",
                new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8));
    }

    private Process java(Class<?> main, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
        command.addAll(List.of(arguments));
        return Processes.java(command).directory(folder.toFile()).start();
    }

    private static BufferedReader awaitStart(Process process) throws IOException {
        BufferedReader out =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        for (String line = out.readLine(); !"started".equals(line); line = out.readLine()) {
            assertTrue(line != null, "the process ended before it printed 'started'");
        }
        return out;
    }

    private static String text(Process process) throws IOException {
        return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    /** Runs the gateway command in a real process, with a gateway that stops either immediately or never. */
    static final class Child {

        private Child() {}

        public static void main(String[] arguments) throws InterruptedException {
            Terminal terminal = Terminal.ofProcess();
            Running gateway = new Gateway(arguments[0].equals("hanging"));
            Runner runner = new Runner(terminal, settings -> Future.succeededFuture(gateway), Signals.ofProcess());
            Settings settings = CommandSettings.onFreePorts(Path.of("data"));
            System.exit(runner.run(
                    settings, () -> new ConfigResult.Ok<>(settings), banner -> System.out.println("started")));
        }

        private record Gateway(boolean hanging) implements Running {
            @Override
            public int httpPort() {
                return 1;
            }

            @Override
            public int managementPort() {
                return 2;
            }

            @Override
            public String ticket() {
                return "ticket";
            }

            @Override
            public String token(String subject, Role role, Duration ttl) {
                return "token-of-" + subject;
            }

            @Override
            public Future<Reload> reload(Settings settings) {
                return Future.failedFuture("no reload is expected");
            }

            @Override
            public Future<Optional<String>> stop() {
                System.out.println("stopping");
                return hanging
                        ? Promise.<Optional<String>>promise().future()
                        : Future.succeededFuture(Optional.empty());
            }
        }
    }
}
