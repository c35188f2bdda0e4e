package io.tidegate;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/** A real nginx with the configuration of this repository; only ports and paths are changed, and what a test wants. */
public final class TestNginx implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String SITE = "tidegate.conf";

    private final Path folder;
    private final int port;
    private final Process nginx;

    private TestNginx(Path folder, int port) throws IOException {
        this.folder = folder;
        this.port = port;
        this.nginx = run("-c", folder.resolve("nginx.conf").toString());
    }

    /** Starts it before the gateway on that port. */
    public static TestNginx before(int gateway, Path folder) throws Exception {
        return before(gateway, folder, UnaryOperator.identity());
    }

    public static TestNginx before(int gateway, Path folder, UnaryOperator<String> change) throws Exception {
        int port = freePort();
        String site = change.apply(site(gateway, folder)).replace("listen 80;", "listen 127.0.0.1:" + port + ";");
        return start(folder, port, site);
    }

    /**
     * The same with every line in effect that waits in the file for its # to be taken away, and TLS.
     *
     * @param plain port of the server that sends clients over to TLS
     */
    static TestNginx whole(int gateway, Path folder, int plain, TestCertificate certificate) throws Exception {
        Path chain = folder.resolve("fullchain.pem");
        Path key = folder.resolve("privkey.pem");
        certificate.write(chain, key);
        int port = freePort();
        String site = site(gateway, folder)
                .replaceFirst("(?m)^ +listen 80;\n", "")
                .replaceAll("(?m)^( *)#(?=[^ \n])", "$1")
                .replace("listen 80;", "listen 127.0.0.1:" + plain + ";")
                .replace("listen 443 ", "listen 127.0.0.1:" + port + " ")
                .replace("/etc/ssl/tidegate/fullchain.pem", chain.toString())
                .replace("/etc/ssl/tidegate/privkey.pem", key.toString());
        return start(folder, port, site);
    }

    private static String site(int gateway, Path folder) throws IOException {
        return Files.readString(Path.of("nginx", SITE))
                .replace("server 127.0.0.1:8080;", "server 127.0.0.1:" + gateway + ";")
                .replace(
                        "/var/log/nginx/access.log",
                        folder.resolve("access.log").toString());
    }

    private static TestNginx start(Path folder, int port, String site) throws Exception {
        Files.writeString(folder.resolve(SITE), site);
        Files.writeString(
                folder.resolve("nginx.conf"),
                """
                daemon off;
                %2$s
                pid %1$s/nginx.pid;
                error_log %1$s/error.log;
                worker_shutdown_timeout 1s;
                events {}
                http { include %1$s/tidegate.conf; }
                """
                        .formatted(folder, System.getProperty("user.name").equals("root") ? "user root;" : ""));
        TestNginx started = new TestNginx(folder, port);
        try {
            started.await(started::listens, "it does not listen");
        } catch (AssertionError failed) {
            started.close();
            throw failed;
        }
        return started;
    }

    public int port() {
        return port;
    }

    /** Whether nginx has nothing to say against its configuration. */
    boolean acceptsConfiguration() throws Exception {
        Process check = run("-t", "-c", folder.resolve("nginx.conf").toString());
        return check.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)
                && check.exitValue() == 0
                && !said().contains("[warn]");
    }

    /** Has it read its configuration again, and waits until the workers from before are gone with their streams. */
    public void reload() throws Exception {
        Set<Long> before = workers();
        Process signal = run("-s", "reload", "-c", folder.resolve("nginx.conf").toString());
        if (signal.waitFor() != 0) {
            throw new AssertionError(said());
        }
        await(() -> workers().stream().noneMatch(before::contains) && !workers().isEmpty(), "the workers stay");
    }

    @Override
    public void close() throws Exception {
        nginx.destroy();
        if (!nginx.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
            throw new AssertionError("nginx did not end");
        }
    }

    private Set<Long> workers() {
        return nginx.children().map(ProcessHandle::pid).collect(Collectors.toSet());
    }

    private Process run(String... arguments) throws IOException {
        ProcessBuilder builder =
                new ProcessBuilder(Programs.find("nginx").orElseThrow().toString(), "-p", folder.toString());
        builder.command().addAll(List.of(arguments));
        return builder.redirectErrorStream(true)
                .redirectOutput(folder.resolve("nginx.out").toFile())
                .start();
    }

    private String said() throws IOException {
        return Files.readString(folder.resolve("nginx.out"));
    }

    private boolean listens() {
        try (Socket probe = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return probe.isConnected();
        } catch (IOException notYet) {
            return false;
        }
    }

    private void await(BooleanSupplier condition, String otherwise) throws IOException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline || !nginx.isAlive()) {
                throw new AssertionError(otherwise + ": " + said());
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
        }
    }

    /** One that nobody listens on now. */
    public static int freePort() throws IOException {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return free.getLocalPort();
        }
    }
}
