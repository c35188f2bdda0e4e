package io.tidegate.delivery.poll;

import java.time.Duration;

/**
 * Configures pages.
 *
 * @param limit the number of events on a page if the request does not specify it
 * @param maxLimit the maximum number of events on a page
 * @param maxWait the maximum time that a long poll may wait
 */
public record PollOptions(int limit, int maxLimit, Duration maxWait) {

    public static final PollOptions DEFAULTS = new PollOptions(100, 1000, Duration.ofSeconds(30));

    public PollOptions {
        if (limit <= 0) {
            throw new IllegalArgumentException("limit must be greater than 0");
        }
        if (maxLimit < limit) {
            throw new IllegalArgumentException("max-limit must not be less than limit");
        }
        if (maxWait.isNegative()) {
            throw new IllegalArgumentException("max-wait must not be negative");
        }
    }
}
