package io.tidegate.edge.limit;

import io.tidegate.problem.Code;
import io.tidegate.problem.Problem;

/**
 * A request that came too soon, with the fields that say so by
 * <a href="https://datatracker.ietf.org/doc/html/draft-ietf-httpapi-ratelimit-headers-10">RateLimit header fields for
 * HTTP, draft 10</a>.
 *
 * @param policy what the rate is called
 * @param seconds after which the client has one more
 */
public record Refused(String policy, Rate rate, int seconds) {

    private static final int MINUTE_SECONDS = 60;

    public Problem problem() {
        return new Problem(
                Code.RATE_LIMITED, "more than " + rate.perMinute() + " requests a minute of one client", seconds);
    }

    /** The value of {@code RateLimit-Policy}. */
    public String policyField() {
        return '"' + policy + "\";q=" + rate.perMinute() + ";w=" + MINUTE_SECONDS;
    }

    /** The value of {@code RateLimit}. */
    public String limitField() {
        return '"' + policy + "\";r=0;t=" + seconds;
    }
}
