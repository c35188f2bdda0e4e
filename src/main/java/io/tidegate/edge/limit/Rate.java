package io.tidegate.edge.limit;

/**
 * The rate at which one client may do something.
 *
 * @param perMinute the sustained rate per minute
 * @param burst the maximum number at once, after an idle time
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
