package io.tidegate.edge.connection;

import java.time.Duration;

/**
 * Limits the size and the duration of what one connection sends, and how long it may leave a response unread, so that a
 * slow client cannot hold resources for long.
 *
 * @param requestLineBytes maximum size of a request line
 * @param headerBytes maximum size of all header lines of a request together
 * @param headers maximum number of header lines of a request
 * @param headTime maximum time from the first byte of a request to the end of its head, from a connection to its first
 *     byte, and for a TLS handshake
 * @param readTime maximum time between two reads of a request body
 * @param bodyRate minimum average rate of a request body in bytes per second; 0 means none
 * @param writeTime maximum time between two writes of a response, while its client does not accept the next bytes
 * @param idleTime how long a connection may stay open between two requests
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
