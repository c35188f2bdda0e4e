package io.tidegate.cli;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.tidegate.config.Setting;
import io.tidegate.node.Settings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.URI;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import picocli.CommandLine.Command;

/**
 * Starts the gateway, sends it a few typical requests, and stops it. The build runs this command to record which
 * classes are loaded at startup, for the class data archive that speeds up later startups. The clients are plain
 * sockets because the classes of a client library would also be recorded.
 */
@Command(name = "rehearse", hidden = true, description = "Start the gateway, send it a few requests, and stop.")
final class RehearseCommand implements Callable<Integer> {

    private static final int ROUNDS = 50;
    private static final int READ_TIMEOUT_MILLIS = 10_000;

    private final Tidegate tidegate;
    private final Starter starter;

    RehearseCommand(Tidegate tidegate, Starter starter) {
        this.tidegate = tidegate;
        this.starter = starter;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        CompletableFuture<Void> done = new CompletableFuture<>();
        try (Scratch scratch = new Scratch("rehearsal")) {
            Setting[] own = scratch.settings();
            Optional<Settings> settings = tidegate.settings(own);
            Runner runner = new Runner(tidegate.terminal(), starter, reload -> done);
            return settings.isPresent()
                    ? runner.run(settings.get(), () -> tidegate.read(own), banner -> {
                        banner.print(tidegate.terminal());
                        play(banner, done);
                    })
                    : 1;
        }
    }

    private static void play(Banner banner, CompletableFuture<Void> done) {
        try {
            URI base = URI.create(banner.base());
            String events = URI.create(banner.events()).getPath();
            String own = banner.settings().ui().path();
            try (Socket reader = connect(base);
                    Socket publisher = connect(base)) {
                send(reader, get(events, banner.viewer(), "Accept: text/event-stream\r\n"));
                awaitText(reader, "id: ");
                for (int i = 0; i < ROUNDS; i++) {
                    send(
                            publisher,
                            post(
                                    events,
                                    banner.publisher(),
                                    "{\"topic\":\"rehearsal\",\"type\":\"round\",\"data\":" + i + "}"));
                    awaitText(publisher, "\"durability\"");
                    awaitText(reader, "data: " + i);
                }
                send(publisher, get(own + "api/sessions", banner.viewer(), ""));
                awaitText(publisher, "\"sessions\"");
                send(publisher, get(own + "ready", banner.viewer(), ""));
                awaitText(publisher, "HTTP/1.1 200");
            }
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        } finally {
            done.complete(null);
        }
    }

    private static Socket connect(URI base) throws IOException {
        Socket socket = new Socket(base.getHost(), base.getPort());
        socket.setSoTimeout(READ_TIMEOUT_MILLIS);
        return socket;
    }

    private static String get(String path, String token, String more) {
        return "GET " + path + " HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + token + "\r\n" + more
                + "\r\n";
    }

    private static String post(String path, String token, String json) {
        return "POST " + path + " HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + token
                + "\r\nContent-Type: application/json\r\nContent-Length: " + json.length() + "\r\n\r\n" + json;
    }

    private static void send(Socket socket, String request) throws IOException {
        socket.getOutputStream().write(request.getBytes(US_ASCII));
    }

    private static void awaitText(Socket socket, String text) throws IOException {
        StringBuilder seen = new StringBuilder();
        byte[] bytes = new byte[8192];
        while (seen.indexOf(text) < 0) {
            int n = socket.getInputStream().read(bytes);
            if (n < 0) {
                throw new IOException("connection closed before " + text + " arrived: " + seen);
            }
            seen.append(new String(bytes, 0, n, US_ASCII));
        }
    }
}
