package io.tidegate.scenario;

import java.util.List;
import java.util.Locale;

/**
 * The results of one way of learning of changes.
 *
 * @param nanos the duration of the measurement, in nanoseconds
 * @param reads the number of requests that reached the service, without the changes themselves
 * @param refused the number of responses with status 429
 * @param failures the number of requests that got no response and were sent again
 * @param changes the number of sessions that were created or ended
 * @param unseen the number of changes that a client never learned of, summed over all clients
 * @param sinceResponse the times from the response to a change until each client learned of it, sorted, in nanoseconds
 * @param sinceRequest the same times, from the request for the change
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
        List<Long> sinceResponse,
        List<Long> sinceRequest) {

    static final String HEAD =
            """
            | | requests at the service | 429 | failed | changes | not seen | p50, ms | p99, ms | p50 from the request \
            | p99 from the request |
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
                millis(sinceResponse, 0.5),
                millis(sinceResponse, 0.99),
                millis(sinceRequest, 0.5),
                millis(sinceRequest, 0.99));
    }

    static double millis(List<Long> sorted, double share) {
        return sorted.isEmpty()
                ? Double.NaN
                : sorted.get((int) Math.min(sorted.size() - 1L, Math.round(Math.ceil(share * sorted.size()) - 1)))
                        / 1e6;
    }
}
