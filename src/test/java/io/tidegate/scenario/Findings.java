package io.tidegate.scenario;

import java.util.List;
import java.util.Locale;

/**
 * What came of one way.
 *
 * @param nanos how long it was counted
 * @param reads requests that reached the service, but for the changes themselves
 * @param refused 429 that clients were answered
 * @param failures requests that got no answer and were sent again
 * @param changes sessions that began or ended
 * @param unseen how many of them some client never knew of, for all clients together
 * @param sinceAnswered from the answer to the change to each client's knowing, sorted, in nanoseconds
 * @param sinceAsked from the request for the change
 */
record Findings(
        String way,
        int clients,
        long nanos,
        int reads,
        int refused,
        int failures,
        int changes,
        int unseen,
        List<Long> sinceAnswered,
        List<Long> sinceAsked) {

    static final String HEAD =
            """
            | | requests at the service | 429 | failed | changes | not seen | p50, ms | p99, ms | p50 from the request | p99 from the request |
            |---|---|---|---|---|---|---|---|---|---|""";

    String row() {
        return String.format(
                Locale.ROOT,
                "| %d clients, %.0f s: %s | %d | %d | %d | %d | %d | %.1f | %.1f | %.1f | %.1f |",
                clients,
                nanos / 1e9,
                way,
                reads,
                refused,
                failures,
                changes,
                unseen,
                millis(sinceAnswered, 0.5),
                millis(sinceAnswered, 0.99),
                millis(sinceAsked, 0.5),
                millis(sinceAsked, 0.99));
    }

    static double millis(List<Long> sorted, double share) {
        return sorted.isEmpty()
                ? Double.NaN
                : sorted.get((int) Math.min(sorted.size() - 1L, Math.round(Math.ceil(share * sorted.size()) - 1)))
                        / 1e6;
    }
}
