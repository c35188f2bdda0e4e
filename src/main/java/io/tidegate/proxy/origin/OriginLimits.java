package io.tidegate.proxy.origin;

import java.time.Duration;

/**
 * What one kind of traffic to an origin may take. A duration of {@code 0s} is no bound.
 *
 * @param connect for a connection to a server, and for a place to become free before that
 * @param answer for the head of the answer, counted anew while the client's body still moves
 * @param idle how long both bodies may stand still; noticed after twice as long at most
 * @param maxAge the whole of it
 * @param connections how many at a time on each event loop
 * @param waiting how many more may wait for that on each event loop; the next is refused
 */
public record OriginLimits(
        Duration connect, Duration answer, Duration idle, Duration maxAge, int connections, int waiting) {

    public static final Duration LONGEST_CONNECT = Duration.ofSeconds(30);
    public static final int MOST_CONNECTIONS = 16_384;

    static final OriginLimits REQUESTS = new OriginLimits(
            Duration.ofSeconds(5), Duration.ofSeconds(60), Duration.ofSeconds(60), Duration.ZERO, 128, 1_024);
    static final OriginLimits STREAMS = new OriginLimits(
            Duration.ofSeconds(5), Duration.ofSeconds(60), Duration.ofHours(1), Duration.ZERO, 10_000, 1_024);

    /** @throws IllegalArgumentException when a part is not of this form; the message names the part */
    public OriginLimits {
        if (connect.compareTo(Duration.ofMillis(1)) < 0 || connect.compareTo(LONGEST_CONNECT) > 0) {
            throw new IllegalArgumentException("connect must be 1ms to 30s");
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
        if (connections < 1 || connections > MOST_CONNECTIONS) {
            throw new IllegalArgumentException("connections must be 1 to " + MOST_CONNECTIONS);
        }
        if (waiting < 0 || waiting > MOST_CONNECTIONS) {
            throw new IllegalArgumentException("waiting must be 0 to " + MOST_CONNECTIONS);
        }
    }
}
