package io.tidegate.delivery.poll;

import java.time.Duration;

/**
 * Configures JSON pages and long polls.
 *
 * @param limit the maximum number of events on a page if the request does not specify one
 * @param maxLimit the highest {@code limit} that is granted; a higher one is reduced to it
 * @param maxWait the maximum waiting time of a long poll
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
