package io.tidegate.node;

import java.time.Duration;

/**
 * Configures the shutdown of a node.
 *
 * @param timeLimit the maximum time from the signal to the exit of the process
 */
public record ShutdownOptions(Duration timeLimit) {

    private static final Duration LONGEST = Duration.ofHours(1);

    /** The time that is reserved for closing the journal and all other resources after the clients have been served. */
    private static final Duration RESERVE = Duration.ofSeconds(5);

    private static final Duration WEB_SOCKETS = Duration.ofSeconds(1);
    private static final Duration STEPS_RESERVE = Duration.ofSeconds(2);
    private static final Duration EXIT_RESERVE = Duration.ofSeconds(1);

    public static final ShutdownOptions DEFAULTS = new ShutdownOptions(Duration.ofSeconds(30));

    public ShutdownOptions {
        if (timeLimit.compareTo(RESERVE.plus(WEB_SOCKETS)) < 0 || timeLimit.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException("time-limit must be between 6s and 1h");
        }
    }

    /** Returns the time limit for requests in progress. */
    Duration requests() {
        return clients().minus(WEB_SOCKETS);
    }

    /** Returns the time limit for the closing handshakes of WebSockets, which begin when no requests are left. */
    Duration webSockets() {
        return WEB_SOCKETS;
    }

    /** Returns the time limit for requests and WebSockets together. */
    Duration clients() {
        return timeLimit.minus(RESERVE);
    }

    /** Returns the time limit for all steps together. */
    Duration steps() {
        return timeLimit.minus(STEPS_RESERVE);
    }

    /** Returns the time after which the process must exit, whether or not the steps are done. */
    public Duration exit() {
        return timeLimit.minus(EXIT_RESERVE);
    }
}
