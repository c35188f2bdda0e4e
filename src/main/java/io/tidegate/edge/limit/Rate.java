package io.tidegate.edge.limit;

/**
 * The maximum rate of the requests of one client.
 *
 * @param perMinute the sustained rate per minute
 * @param burst the maximum number at once, after a time without requests
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
