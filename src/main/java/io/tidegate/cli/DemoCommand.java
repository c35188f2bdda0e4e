package io.tidegate.cli;

import io.tidegate.config.Durations;
import io.tidegate.config.Setting;
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

/**
 * Starts an example service whose page polls, with the gateway in front of it, and opens the page in a browser. When it
 * ends, it deletes all files that it has created.
 */
@Command(
        name = "demo",
        description = {
            "Start a small web terminal whose page polls, and a gateway in front of it that adds live updates.",
            "Both use free ports and a temporary data folder, which is deleted at the end. Requires Linux."
        })
final class DemoCommand implements Callable<Integer> {

    private static final String CONFIGURATION =
            """
            # A web terminal that knows nothing about Tidegate, and the settings that give its page live updates.
            origins:
              - {prefix: /, url: "%1$s"}
            # The gateway polls the list once a second for all clients.
            watches:
              - {kind: sessions, origin: /, path: /api/sessions, headers: {Authorization: "Bearer ${file:%2$s}"}}
            # Changes that pass through the gateway are published immediately.
            taps:
              - {on: "POST /api/sessions", topic: sessions, type: session_created}
              - {on: "DELETE /api/sessions/{id}", topic: sessions, type: session_terminated, data: none, key: "{id}"}
            # The terminal has no sign-in, so everyone who can open its page may read the sessions too.
            auth: {anonymous: {topics: [sessions]}}
            # A recipe that Tidegate's own page can start.
            deploys: {recipes: {demo: {command: [df, -h]}}}
            """;

    private final Tidegate tidegate;
    private final Runner runner;

    @Option(names = "--no-open", description = "Do not try to open a browser.")
    private boolean noOpen;

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
                        A web terminal whose page polls every second, up to its limit of 100 requests a minute:
                            %s/

                        The same page through Tidegate, which sends it each change as it happens:
                            %s

                        Tidegate's own page; open this link within %s to be signed in:
                            %s

                        The configuration is %s. Anyone who can reach these ports gets a shell; only this machine can.
                        Ctrl-C stops everything.
                        """
                                .formatted(
                                        service.base(),
                                        page,
                                        Durations.print(banner.settings().auth().ticketIdle()),
                                        banner.page(),
                                        file));
        terminal.out().flush();
        if (!noOpen) {
            open(terminal, page);
        }
    }

    /** Opens the page in a browser if there is a display. Only prints a warning if the browser cannot be started. */
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
                terminal.warn("cannot open a browser: " + none.getMessage());
            }
        }
    }
}
