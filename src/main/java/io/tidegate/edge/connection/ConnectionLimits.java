package io.tidegate.edge.connection;

import java.time.Duration;

/**
 * The limits on the size and duration of requests on one connection, and on how long a response may remain unread. They
 * prevent slow clients from holding resources for long.
 *
 * @param requestLineBytes the maximum size of a request line in bytes
 * @param headerBytes the maximum size of a request's header block in bytes
 * @param headers the maximum number of header lines in a request
 * @param headTime the maximum time from the first byte of a request to the end of its head, from the opening of a
 *     connection to the first byte on it, and for a TLS handshake
 * @param readTime the maximum time between two reads of a request body
 * @param bodyRate the minimum average rate of a request body in bytes per second; 0 means no minimum
 * @param writeTime the maximum time for which a response may make no progress because the client does not accept more
 *     bytes
 * @param idleTime the maximum time for which a connection may stay open between requests
 */
public record ConnectionLimits(
        int requestLineBytes,
        int headerBytes,
        int headers,
        Duration headTime,
        Duration readTime,
        int bodyRate,
        Duration writeTime,
        Duration idleTime) {

    private static final Duration LONGEST = Duration.ofHours(1);

    public static final ConnectionLimits DEFAULTS = new ConnectionLimits(
            8 << 10,
            32 << 10,
            100,
            Duration.ofSeconds(10),
            Duration.ofSeconds(60),
            240,
            Duration.ofSeconds(60),
            Duration.ofSeconds(75));

    public ConnectionLimits {
        positive("request-line-bytes", requestLineBytes);
        positive("header-bytes", headerBytes);
        positive("headers", headers);
        bounded("head-time", headTime);
        bounded("read-time", readTime);
        if (bodyRate < 0) {
            throw new IllegalArgumentException("body-rate must not be negative");
        }
        bounded("write-time", writeTime);
        bounded("idle-time", idleTime);
    }

    private static void positive(String key, int value) {
        if (value <= 0) {
            throw new IllegalArgumentException(key + " must be greater than 0");
        }
    }

    private static void bounded(String key, Duration value) {
        if (value.isNegative() || value.isZero() || value.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException(key + " must be longer than 0s and at most 1h");
        }
    }
}
