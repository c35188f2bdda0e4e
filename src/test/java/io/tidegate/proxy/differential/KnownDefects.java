package io.tidegate.proxy.differential;

import java.util.List;

/**
 * Differences from nginx that are defects of the gateway. The test fails when one of them is fixed, so that its entry
 * is removed here.
 */
final class KnownDefects {

    private KnownDefects() {}

    static List<Entry> all() {
        return List.of(
                Entry.of(
                        "outcome",
                        "400, not forwarded",
                        "404, not forwarded",
                        "the target is invalid",
                        "target app.example/a",
                        "target a",
                        "target app.example:80"),
                Entry.of(
                        "outcome",
                        "200",
                        "502",
                        "a later minor version must be accepted",
                        "HTTP/1.2 / GET",
                        "HTTP/1.2 / POST"),
                Entry.of(
                        "outcome",
                        "501, not forwarded",
                        "400, not forwarded",
                        "the coding is not implemented",
                        "gzip and chunked",
                        "transfer coding identity"),
                Entry.of(
                        "outcome",
                        "200",
                        "502",
                        "origins send such lines",
                        "lines that end with LF / GET",
                        "lines that end with LF / HEAD",
                        "lines that end with LF / POST",
                        "lines that end with LF / HTTP/1.0"));
    }
}
