package io.tidegate.delivery.poll;

import java.time.Duration;

/**
 * How pages behave.
 *
 * @param limit events on a page where the client names no number
 * @param maxLimit events on a page at most
 * @param maxWait how long a long poll may wait at most
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
