package io.tidegate.edge.limit;

import io.tidegate.problem.Code;
import io.tidegate.problem.Problem;

/**
 * A refused request, with the response fields defined in
 * <a href="https://datatracker.ietf.org/doc/html/draft-ietf-httpapi-ratelimit-headers-10">RateLimit header fields for
 * HTTP, draft 10</a>.
 *
 * @param policy the name of the rate that was exceeded
 * @param seconds the time in seconds until the client may send another request
 */
public record Refused(String policy, Rate rate, int seconds) {

    private static final int MINUTE_SECONDS = 60;

    public Problem problem() {
        return new Problem(
                Code.RATE_LIMITED, "a client must send at most " + rate.perMinute() + " requests a minute", seconds);
    }

    /** Returns the value of {@code RateLimit-Policy}. */
    public String policyField() {
        return '"' + policy + "\";q=" + rate.perMinute() + ";w=" + MINUTE_SECONDS;
    }

    /** Returns the value of {@code RateLimit}. */
    public String limitField() {
        return '"' + policy + "\";r=0;t=" + seconds;
    }
}
