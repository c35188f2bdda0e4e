package io.tidegate.edge.limit;

/**
 * How often one client may do something.
 *
 * @param perMinute how often in the long run
 * @param burst how often at once, after a time without
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
