package io.tidegate.edge.limit;

/**
 * A separate rate for some paths.
 *
 * @param prefix the paths, as interpreted by {@link Prefix}
 * @param perMinute the same as in {@link Rate}
 * @param burst the same as in {@link Rate}
 */
public record RateRule(String prefix, int perMinute, int burst) {

    public RateRule {
        Prefix.check("prefix", prefix);
        Rate valid = new Rate(perMinute, burst);
        perMinute = valid.perMinute();
    }

    public Rate rate() {
        return new Rate(perMinute, burst);
    }
}
