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
 * The real gateway as a child process, at one port over all its lives, so that its clients find it again. Its output
 * stays beside its data.
 */
final class NodeProcess implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    /** Below the ports that connections get, so that no client can ever be connected to itself. */
    private static final int FIRST_PORT = 20_000;

    private static final int PORTS = 12_000;

    /** Clients of one subject do here what no client does. */
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
    private int lives;

    /** @param folder holds the data, in {@code data}, and the output */
    NodeProcess(Path folder) throws IOException {
        this(folder, folder.resolve("data"));
    }

    NodeProcess(Path folder, Path data) throws IOException {
        this.folder = folder;
        this.data = data;
        this.port = freePort();
    }

    /** Adds {@code --set key=value}. */
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

    /** Starts it with these flags of the JVM, the class path among them. */
    NodeProcess with(List<String> given) {
        flags = given;
        return this;
    }

    /** Starts it and waits until it has said that it runs. */
    NodeProcess start() throws IOException, InterruptedException {
        Process started = launch();
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!output().contains("Tidegate runs at")) {
            if (started.waitFor(5, TimeUnit.MILLISECONDS) || System.nanoTime() > deadline) {
                throw new AssertionError("the gateway did not start: " + errors());
            }
        }
        return this;
    }

    /** Starts it and waits until it runs or has ended; true when it runs. */
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
        lives++;
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

    /** A token for everything that the role may do. */
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

    /** Ends it without a word and waits until it is gone. */
    void kill() throws InterruptedException {
        process().destroyForcibly();
        if (!process().waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
            throw new AssertionError("the gateway outlived SIGKILL");
        }
    }

    void signal(String name) throws IOException, InterruptedException {
        Processes.signal(process(), name);
    }

    /** The exit code, once it has ended by itself. */
    int exitCode(Duration within) throws InterruptedException {
        if (!process().waitFor(within.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new AssertionError("the gateway did not end within " + within);
        }
        return process().exitValue();
    }

    CompletableFuture<Process> exited() {
        return process().onExit();
    }

    /** Resident memory, in KiB. */
    long residentKib() throws IOException {
        return Files.readAllLines(Path.of("/proc", Long.toString(process().pid()), "status")).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                .sum();
    }

    /** How many descriptors are open. */
    int descriptors() throws IOException {
        try (Stream<Path> open =
                Files.list(Path.of("/proc", Long.toString(process().pid()), "fd"))) {
            return (int) open.count();
        }
    }

    /** How many of its streams have ended in this life, by its own metrics. */
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
        return folder.resolve("life-" + lives + "." + stream);
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
            process.onExit().orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).join();
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
                // The next one.
            }
        }
    }
}
