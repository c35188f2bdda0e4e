package io.tidegate.cli;

import io.tidegate.config.Durations;
import io.tidegate.config.source.Setting;
import io.tidegate.node.Settings;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** A service that polls, and the gateway before it, with something to look at; leaves nothing behind. */
@Command(
        name = "demo",
        description = {
            "Start a small web terminal whose page asks every second, and the gateway before it, which makes a live page of it.",
            "Both are on free ports, with a data folder that goes away at the end. Needs Linux."
        })
final class DemoCommand implements Callable<Integer> {

    private static final String CONFIGURATION =
            """
            # A web terminal that knows nothing of Tidegate, and what it takes to give its page updates.
            origins:
              - {prefix: /, url: "%1$s"}
            # Its list, asked for once a second for everybody together.
            watches:
              - {kind: sessions, origin: /, path: /api/sessions, headers: {Authorization: "Bearer ${file:%2$s}"}}
            # What passes here is known at once.
            taps:
              - {on: "POST /api/sessions", topic: sessions, type: session_created}
              - {on: "DELETE /api/sessions/{id}", topic: sessions, type: session_terminated, data: none, key: "{id}"}
            # The terminal has no sign-in, so who sees its page may read this too.
            auth: {anonymous: {topics: [sessions]}}
            # Something for Tidegate's own page to start.
            deploys: {recipes: {demo: {command: [df, -h]}}}
            """;

    private final Tidegate tidegate;
    private final Runner runner;

    @Option(names = "--no-open", description = "Do not try to open a browser.")
    private boolean quiet;

    DemoCommand(Tidegate tidegate, Runner runner) {
        this.tidegate = tidegate;
        this.runner = runner;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        try (Scratch scratch = new Scratch("demo")) {
            Path home = Files.createDirectory(scratch.folder().resolve("home"));
            String secret = UUID.randomUUID().toString();
            Path token = Files.writeString(scratch.folder().resolve("web-terminal.token"), secret);
            try (WebTerminal service = WebTerminal.start(home, secret)) {
                Path file = Files.writeString(
                        scratch.folder().resolve("demo.yaml"), CONFIGURATION.formatted(service.base(), token));
                Setting[] own = scratch.settings();
                Optional<Settings> settings = tidegate.settings(file, own);
                return settings.isPresent()
                        ? runner.run(
                                settings.get(), () -> tidegate.read(file, own), banner -> show(banner, service, file))
                        : 1;
            }
        }
    }

    private void show(Banner banner, WebTerminal service, Path file) {
        URI page = URI.create(banner.base() + "/live.html");
        Terminal terminal = tidegate.terminal();
        terminal.out()
                .print(
                        """
                        A web terminal whose page asks every second, until its own limit of 100 requests a minute stops it:
                            %s/

                        The same page through Tidegate, which tells it what changes, as it changes:
                            %s

                        Tidegate's own page, signed in, within %s:
                            %s

                        The configuration is %s. Whoever reaches these ports has a shell here; only this machine does.
                        Ctrl-C stops everything.
                        """
                                .formatted(
                                        service.base(),
                                        page,
                                        Durations.print(banner.settings().auth().ticketIdle()),
                                        banner.page(),
                                        file));
        terminal.out().flush();
        if (!quiet) {
            open(terminal, page);
        }
    }

    /** Where there is a display. A browser that cannot be had is none of our troubles. */
    private static void open(Terminal terminal, URI page) {
        boolean display = terminal.environment().containsKey("DISPLAY")
                || terminal.environment().containsKey("WAYLAND_DISPLAY");
        if (display) {
            try {
                new ProcessBuilder("xdg-open", page.toString())
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .redirectError(ProcessBuilder.Redirect.DISCARD)
                        .start();
            } catch (IOException none) {
                terminal.warn("no browser could be opened: " + none.getMessage());
            }
        }
    }
}
