package webterminal;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Limits the number of requests per client and minute. A client's minute begins with its first request. Owned by one
 * event loop.
 */
final class RateLimit {

    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final int MAX_CLIENTS = 10_000;

    private record Window(Instant end, int used) {}

    private final int perMinute;
    private final Clock clock;
    private final Map<String, Window> windows = new LinkedHashMap<>();

    RateLimit(int perMinute, Clock clock) {
        this.perMinute = perMinute;
        this.clock = clock;
    }

    /**
     * Counts a request. Returns 0 if the request is allowed, and otherwise the number of seconds until the client may
     * retry.
     */
    long take(String client) {
        Instant now = clock.instant();
        Window window = windows.get(client);
        if (window == null || !window.end().isAfter(now)) {
            windows.remove(client); // keeps the map ordered by the end of each window
            windows.values()
                    .removeIf(other ->
                            windows.size() >= MAX_CLIENTS || !other.end().isAfter(now));
            window = new Window(now.plus(MINUTE), 0);
        }
        if (window.used() >= perMinute) {
            return Math.max(
                    1, Duration.between(now, window.end()).plusMillis(999).toSeconds());
        }
        windows.put(client, new Window(window.end(), window.used() + 1));
        return 0;
    }
}
