package io.tidegate.cli;

import io.tidegate.access.Role;
import io.tidegate.config.Durations;
import io.tidegate.http.UnixSocket;
import io.tidegate.node.Settings;
import java.time.Duration;
import java.util.Optional;

/**
 * The text that a gateway prints after startup: a link that opens the embedded page and signs in, and two ready-to-run
 * shell commands.
 *
 * @param base the address that clients connect to, without a trailing slash
 * @param curl the beginning of a command that connects to this address
 * @param management the address of the management port, without a trailing slash
 * @param ticket a ticket for signing in to the pages
 * @param viewer a token with the role viewer
 * @param publisher a token with the role publisher
 */
record Banner(
        Settings settings,
        String base,
        String curl,
        String management,
        String ticket,
        String viewer,
        String publisher) {

    private static final Duration TTL = Duration.ofHours(12);

    static Banner of(Settings settings, Running gateway) {
        String scheme = settings.http().tls().enabled() ? "https" : "http";
        Optional<UnixSocket> socket = settings.http().socket();
        return new Banner(
                settings,
                socket.isPresent()
                        ? scheme + "://localhost"
                        : url(scheme, settings.http().host(), gateway.httpPort()),
                socket.map(unix -> "curl --unix-socket " + unix.path()).orElse("curl"),
                url("http", settings.management().host(), gateway.managementPort()),
                gateway.ticket(),
                gateway.token("console-viewer", Role.VIEWER, TTL),
                gateway.token("console-publisher", Role.PUBLISHER, TTL));
    }

    String text() {
        return """
                Tidegate runs at %1$s (Ctrl-C stops it)

                %2$sRead every event as it arrives:
                    %3$s -N -H 'Accept: text/event-stream' -H 'Authorization: Bearer %4$s' %5$s

                Publish an event from a second terminal:
                    %3$s -H 'Content-Type: application/json' -H 'Authorization: Bearer %6$s' \
                -d '{"topic":"greetings","type":"hello","data":{"text":"Hello, tide"}}' %5$s

                Both tokens are valid for %7$s; `tidegate token` issues others. Metrics: %8$s/metrics
                """
                .formatted(
                        settings.http().socket().isPresent() ? settings.http().host() : base,
                        pages(),
                        curl,
                        viewer,
                        events(),
                        publisher,
                        Durations.print(TTL),
                        management);
    }

    void print(Terminal terminal) {
        terminal.out().print(text());
        terminal.out().flush();
    }

    /** Returns the URL at which events are published and read. */
    String events() {
        String api = settings.http().apiPath();
        return base + (api.endsWith("/") ? api : api + '/') + "events";
    }

    /** Returns the URL of the embedded page, with a ticket that signs in the browser. */
    String page() {
        boolean elsewhere =
                settings.origins().stream().anyMatch(origin -> origin.prefix().equals("/"));
        return base + (elsewhere ? settings.ui().path() : "/") + "?ticket=" + ticket;
    }

    private String pages() {
        // A browser cannot connect to a Unix socket.
        return settings.ui().enabled() && settings.http().socket().isEmpty()
                ? "Open the page, signed in, within "
                        + Durations.print(settings.auth().ticketIdle()) + ":\n    " + page() + "\n\n"
                : "";
    }

    /**
     * Returns a URL that clients on this machine can connect to. A wildcard address is replaced by the loopback
     * address.
     */
    private static String url(String scheme, String host, int port) {
        String reachable =
                switch (host) {
                    case "0.0.0.0" -> "127.0.0.1";
                    case "::", "[::]", "0:0:0:0:0:0:0:0" -> "[::1]";
                    default -> host.indexOf(':') >= 0 && !host.startsWith("[") ? '[' + host + ']' : host;
                };
        return scheme + "://" + reachable + ':' + port;
    }
}
