package io.tidegate.edge.limit;

/**
 * A separate rate for the paths under a prefix.
 *
 * @param prefix the path prefix, as interpreted by {@link Prefix}
 * @param perMinute as in {@link Rate}
 * @param burst as in {@link Rate}
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
