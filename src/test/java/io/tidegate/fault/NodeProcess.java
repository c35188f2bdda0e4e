package io.tidegate.fault;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tidegate.access.Role;
import io.tidegate.auth.token.AuthOptions;
import io.tidegate.auth.token.Tokens;
import io.tidegate.event.TopicPattern;
import io.tidegate.fixture.Processes;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URLConnection;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Runs the real gateway as a child process that can be restarted. All its processes use the same port, so that clients
 * can reconnect. Their output is stored next to the data.
 */
final class NodeProcess implements AutoCloseable {

    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    /** The first port is below the ephemeral ports, so that a client cannot accidentally connect to itself. */
    private static final int FIRST_PORT = 20_000;

    private static final int PORTS = 12_000;

    /** The limits for tests, in which all clients have the same subject. */
    private static final List<String> LIMITS = List.of(
            "limits.requests.others.per-minute=6000000",
            "limits.requests.others.burst=100000",
            "limits.requests.publishing.per-minute=6000000",
            "limits.requests.publishing.burst=100000",
            "limits.streams.per-node=20000",
            "limits.streams.per-subject=20000",
            "limits.streams.per-address=20000",
            "limits.streams.attempts.per-minute=6000000",
            "limits.streams.attempts.burst=100000");

    private final Path folder;
    private final Path data;
    private final int port;
    private final List<String> options = new ArrayList<>();
    private String heap = "-Xmx192m";
    private List<String> flags = List.of();
    private @Nullable Process process;
    private int starts;

    /**
     * Creates a process without starting it.
     *
     * @param folder the folder for the output, and for the data in {@code data}
     */
    NodeProcess(Path folder) throws IOException {
        this(folder, folder.resolve("data"));
    }

    NodeProcess(Path folder, Path data) throws IOException {
        this.folder = folder;
        this.data = data;
        this.port = freePort();
    }

    /** Adds the command-line option {@code --set key=value}. */
    NodeProcess set(String key, String value) {
        options.add("--set");
        options.add(key + "=" + value);
        return this;
    }

    NodeProcess configured(Path file) {
        options.add("--config");
        options.add(file.toString());
        return this;
    }

    NodeProcess heap(String flag) {
        heap = flag;
        return this;
    }

    /** Sets the JVM flags, which must include the class path. */
    NodeProcess with(List<String> jvmFlags) {
        flags = jvmFlags;
        return this;
    }

    /** Starts the gateway and waits until it has printed its banner. */
    NodeProcess start() throws IOException, InterruptedException {
        Process started = launch();
        long deadline = System.nanoTime() + TIMEOUT.toNanos();
        while (!output().contains("Tidegate runs at")) {
            if (started.waitFor(5, TimeUnit.MILLISECONDS) || System.nanoTime() > deadline) {
                throw new AssertionError("the gateway did not start: " + errors());
            }
        }
        return this;
    }

    /** Starts the gateway and waits until it runs or has exited. Returns whether it runs. */
    boolean tryStart() throws IOException, InterruptedException {
        Process started = launch();
        while (!output().contains("Tidegate runs at")) {
            if (started.waitFor(5, TimeUnit.MILLISECONDS)) {
                return false;
            }
        }
        return true;
    }

    private Process launch() throws IOException {
        starts++;
        List<String> command = new ArrayList<>();
        command.addAll(List.of(heap, "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
        command.addAll(flags.isEmpty() ? FastStart.flags() : flags);
        command.addAll(List.of("io.tidegate.cli.Main", "run", "--data", data.toString()));
        command.addAll(List.of("--port", Integer.toString(port), "--set", "management.port=0"));
        LIMITS.forEach(limit -> command.addAll(List.of("--set", limit)));
        command.addAll(options);
        process = Processes.java(command)
                .directory(folder.toFile())
                .redirectOutput(file("out").toFile())
                .redirectError(file("err").toFile())
                .start();
        return process;
    }

    /** Returns a token of the role for all topics. */
    String token(Role role) {
        return Tokens.open(data, AuthOptions.DEFAULTS, Clock.systemUTC())
                .mint(role.name(), role, List.of(TopicPattern.ALL), Duration.ofHours(6));
    }

    int port() {
        return port;
    }

    int managementPort() throws IOException {
        String text = output();
        int colon = text.lastIndexOf(':');
        return Integer.parseInt(text.substring(colon + 1, text.indexOf('/', colon)));
    }

    Path data() {
        return data;
    }

    /** Kills the process and waits until it has ended. */
    void kill() throws InterruptedException {
        process().destroyForcibly();
        if (!process().waitFor(TIMEOUT.toSeconds(), TimeUnit.SECONDS)) {
            throw new AssertionError("the gateway survived SIGKILL");
        }
    }

    void signal(String name) throws IOException, InterruptedException {
        Processes.signal(process(), name);
    }

    /** Waits until the process has exited and returns its exit code. */
    int exitCode(Duration within) throws InterruptedException {
        if (!process().waitFor(within.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new AssertionError("the gateway did not exit within " + within);
        }
        return process().exitValue();
    }

    CompletableFuture<Process> exited() {
        return process().onExit();
    }

    /** Returns the resident memory, in KiB. */
    long residentKib() throws IOException {
        return Files.readAllLines(Path.of("/proc", Long.toString(process().pid()), "status")).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                .sum();
    }

    /** Returns the number of open descriptors. */
    int descriptors() throws IOException {
        try (Stream<Path> open =
                Files.list(Path.of("/proc", Long.toString(process().pid()), "fd"))) {
            return (int) open.count();
        }
    }

    /** Returns the number of streams that the current process has closed, from its metrics. */
    int streamsClosed() throws IOException {
        URI metrics = URI.create("http://localhost:" + managementPort() + "/metrics");
        URLConnection connection = metrics.toURL().openConnection();
        connection.setRequestProperty("Connection", "close");
        try (InputStream page = connection.getInputStream()) {
            return (int) new String(page.readAllBytes(), UTF_8)
                    .lines()
                    .filter(line -> line.startsWith("sse_streams_closed_total{"))
                    .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
                    .sum();
        }
    }

    String output() throws IOException {
        return Files.exists(file("out")) ? Files.readString(file("out")) : "";
    }

    String errors() throws IOException {
        return Files.readString(file("err"));
    }

    private Path file(String stream) {
        return folder.resolve("life-" + starts + "." + stream);
    }

    private Process process() {
        if (process == null) {
            throw new IllegalStateException("never started");
        }
        return process;
    }

    @Override
    public void close() {
        if (process != null) {
            process.destroyForcibly();
            process.onExit().orTimeout(TIMEOUT.toSeconds(), TimeUnit.SECONDS).join();
        }
    }

    private static int freePort() throws IOException {
        SplittableRandom random = new SplittableRandom();
        for (; ; ) {
            int candidate = FIRST_PORT + random.nextInt(PORTS);
            try (ServerSocket probe = new ServerSocket()) {
                probe.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), candidate));
                return candidate;
            } catch (IOException taken) {
                // The loop tries another port.
            }
        }
    }
}
