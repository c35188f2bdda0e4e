package io.tidegate.poll;

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
}
