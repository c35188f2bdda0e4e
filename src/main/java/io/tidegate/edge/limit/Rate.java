package io.tidegate.edge.limit;

/**
 * The maximum request rate for one client.
 *
 * @param perMinute the sustained number of requests per minute
 * @param burst the maximum number of requests in a burst after a pause
 */
public record Rate(int perMinute, int burst) {

    public Rate {
        if (perMinute <= 0) {
            throw new IllegalArgumentException("per-minute must be greater than 0");
        }
        if (burst <= 0) {
            throw new IllegalArgumentException("burst must be greater than 0");
        }
    }
}
