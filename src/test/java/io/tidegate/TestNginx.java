package io.tidegate;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;

/** A real nginx with the configuration of this repository; only ports are changed, and what a test wants shorter. */
public final class TestNginx implements AutoCloseable {

    private static final long PATIENCE_SECONDS = 20;

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
        String site = Files.readString(Path.of("nginx/tidegate.conf"))
                .replace("server 127.0.0.1:8080;", "server 127.0.0.1:" + gateway + ";")
                .replace("listen 80;", "listen 127.0.0.1:" + port + ";");
        Files.writeString(folder.resolve("tidegate.conf"), change.apply(site));
        Files.writeString(
                folder.resolve("nginx.conf"),
                """
                daemon off;
                master_process off;
                pid %1$s/nginx.pid;
                error_log %1$s/error.log;
                events {}
                http { include %1$s/tidegate.conf; access_log %1$s/access.log tidegate; }
                """
                        .formatted(folder));
        TestNginx nginx = new TestNginx(folder, port);
        nginx.awaitPort();
        return nginx;
    }

    public int port() {
        return port;
    }

    /** Whether nginx has nothing to say against its configuration. */
    boolean acceptsConfiguration() throws Exception {
        Process check = run("-t", "-c", folder.resolve("nginx.conf").toString());
        return check.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS) && check.exitValue() == 0;
    }

    @Override
    public void close() throws Exception {
        nginx.destroy();
        if (!nginx.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            throw new AssertionError("nginx did not end");
        }
    }

    private Process run(String... arguments) throws IOException {
        ProcessBuilder builder =
                new ProcessBuilder(Programs.find("nginx").orElseThrow().toString(), "-p", folder.toString());
        builder.command().addAll(List.of(arguments));
        return builder.redirectErrorStream(true)
                .redirectOutput(folder.resolve("nginx.out").toFile())
                .start();
    }

    private void awaitPort() throws Exception {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (true) {
            try (Socket probe = new Socket(InetAddress.getLoopbackAddress(), port)) {
                return;
            } catch (IOException notYet) {
                if (System.nanoTime() > deadline || !nginx.isAlive()) {
                    throw new AssertionError(Files.readString(folder.resolve("nginx.out")), notYet);
                }
                Thread.onSpinWait();
            }
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return free.getLocalPort();
        }
    }
}
