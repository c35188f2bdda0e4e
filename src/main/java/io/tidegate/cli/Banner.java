package io.tidegate.cli;

import io.tidegate.access.Role;
import io.tidegate.config.Durations;
import io.tidegate.node.Settings;
import java.time.Duration;

/**
 * What a started gateway prints: the page, signed in, and two lines for a shell that work as they stand.
 *
 * @param base the address that clients reach, without a slash at the end
 * @param viewer a token that reads
 * @param publisher a token that publishes
 */
record Banner(Settings settings, String base, String management, String ticket, String viewer, String publisher) {

    private static final Duration TTL = Duration.ofHours(12);

    static Banner of(Settings settings, Running gateway) {
        return new Banner(
                settings,
                url(
                        settings.http().tls().enabled() ? "https" : "http",
                        settings.http().host(),
                        gateway.httpPort()),
                url("http", settings.management().host(), gateway.managementPort()),
                gateway.ticket(),
                gateway.token("console-viewer", Role.VIEWER, TTL),
                gateway.token("console-publisher", Role.PUBLISHER, TTL));
    }

    String text() {
        return """
                Tidegate runs at %s (Ctrl-C stops it)

                %sRead every event as it comes:
                    curl -N -H 'Accept: text/event-stream' -H 'Authorization: Bearer %s' %s/api/events

                Publish one, in a second terminal:
                    curl -H 'Content-Type: application/json' -H 'Authorization: Bearer %s' -d '{"topic":"greetings","type":"hello","data":{"text":"Hello, tide"}}' %s/api/events

                Both tokens are good for %s; `tidegate token` makes others. Metrics: %s/metrics
                """
                .formatted(base, pages(), viewer, base, publisher, base, Durations.print(TTL), management);
    }

    void print(Terminal terminal) {
        terminal.out().print(text());
        terminal.out().flush();
    }

    /** The embedded page, whoever opens it being signed in. */
    String page() {
        return base + "/?ticket=" + ticket;
    }

    private String pages() {
        return settings.ui().enabled()
                ? "Open the page, signed in, within "
                        + Durations.print(settings.auth().ticketIdle()) + ":\n    " + page() + "\n\n"
                : "";
    }

    /** An address to connect to; one that means all interfaces is reached by the loopback. */
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
