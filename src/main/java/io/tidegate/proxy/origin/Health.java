package io.tidegate.proxy.origin;

import java.time.Duration;

/**
 * The options for probing an origin's servers.
 *
 * @param path the path to probe, for which the response must be 2xx or 3xx; empty disables probes
 * @param every the interval between probes
 * @param timeout the time limit for the response
 * @param failures the number of consecutive failures after which a server is down
 * @param passes the number of consecutive successes after which a server is up again
 */
public record Health(String path, Duration every, Duration timeout, int failures, int passes) {

    public static final Health NONE = new Health("", Duration.ofSeconds(5), Duration.ofSeconds(2), 3, 2);

    /**
     * Validates the components.
     *
     * @throws IllegalArgumentException if a component is invalid; the message begins with its name
     */
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
