package io.tidegate.proxy.origin;

import java.time.Duration;

/**
 * How the servers of an origin are asked whether they work.
 *
 * @param path of the request, whose answer must be 2xx or 3xx; empty asks nothing
 * @param every how often
 * @param timeout for the answer
 * @param failures in a row after which a server gets no more requests
 * @param passes in a row after which it gets them again
 */
public record Health(String path, Duration every, Duration timeout, int failures, int passes) {

    public static final Health NONE = new Health("", Duration.ofSeconds(5), Duration.ofSeconds(2), 3, 2);

    /** @throws IllegalArgumentException when a part is not of this form; the message names the part */
    public Health {
        if (!path.isEmpty() && !path.matches("/[!-~]*")) {
            throw new IllegalArgumentException("path must begin with a slash and be printable ASCII");
        }
        if (every.toMillis() < 100) {
            throw new IllegalArgumentException("every must be at least 100ms");
        }
        if (timeout.toMillis() < 1) {
            throw new IllegalArgumentException("timeout must be greater than 0");
        }
        if (failures < 1) {
            throw new IllegalArgumentException("failures must be greater than 0");
        }
        if (passes < 1) {
            throw new IllegalArgumentException("passes must be greater than 0");
        }
    }
}
