package io.tidegate.proxy.origin;

import java.time.Duration;

/**
 * The limits for one class of traffic to an origin. A duration of zero means no limit.
 *
 * @param connect the time limit for queueing for a permit, and then for connecting to a server
 * @param answer the time limit for the response head, which restarts whenever the request body makes progress
 * @param idle the maximum time between two parts of the response
 * @param maxAge the time limit for the whole request
 * @param connections the maximum number of concurrent requests on each event loop; 0 means as many as the process's
 *     file descriptors allow
 * @param waiting the maximum number of further requests that may queue on each event loop; requests beyond that are
 *     refused
 */
public record OriginLimits(
        Duration connect, Duration answer, Duration idle, Duration maxAge, int connections, int waiting) {

    public static final Duration LONGEST_CONNECT = Duration.ofSeconds(30);
    public static final int MOST_CONNECTIONS = 16_384;

    static final OriginLimits REQUESTS = new OriginLimits(
            Duration.ofSeconds(5), Duration.ofSeconds(60), Duration.ofSeconds(60), Duration.ZERO, 0, 1_024);
    static final OriginLimits STREAMS = new OriginLimits(
            Duration.ofSeconds(5), Duration.ofSeconds(60), Duration.ofHours(1), Duration.ZERO, 0, 1_024);

    /**
     * Validates the components.
     *
     * @throws IllegalArgumentException if a component is invalid; the message begins with its name
     */
    public OriginLimits {
        if (connect.compareTo(Duration.ofMillis(1)) < 0 || connect.compareTo(LONGEST_CONNECT) > 0) {
            throw new IllegalArgumentException("connect must be between 1ms and 30s");
        }
        if (answer.isNegative()) {
            throw new IllegalArgumentException("answer must not be negative");
        }
        if (idle.isNegative()) {
            throw new IllegalArgumentException("idle must not be negative");
        }
        if (maxAge.isNegative()) {
            throw new IllegalArgumentException("max-age must not be negative");
        }
        if (connections < 0 || connections > MOST_CONNECTIONS) {
            throw new IllegalArgumentException("connections must be between 0 and " + MOST_CONNECTIONS);
        }
        if (waiting < 0 || waiting > MOST_CONNECTIONS) {
            throw new IllegalArgumentException("waiting must be between 0 and " + MOST_CONNECTIONS);
        }
    }

    /**
     * Returns the number of concurrent requests that each event loop can send. A request takes two file descriptors:
     * one for the client connection and one for the origin connection.
     *
     * @param descriptors the maximum number of files and sockets that the process may have open; 0 if unknown
     */
    public static int capacity(long descriptors, int eventLoops) {
        long each = descriptors / 2 / eventLoops;
        return descriptors <= 0 ? MOST_CONNECTIONS : (int) Math.max(1, Math.min(each, MOST_CONNECTIONS));
    }
}
