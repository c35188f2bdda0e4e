package io.tidegate.delivery.sse;

import java.time.Duration;

/**
 * Configures streams.
 *
 * @param heartbeat the maximum time between two messages to a stream
 * @param heartbeatForm the form of a heartbeat
 * @param retry the time that a client waits before it reconnects; a random amount of at most half of it is added for
 *     each stream
 * @param sendBuffer the size of the send buffer of the socket, in bytes; a small one makes a stalled client visible
 *     early
 * @param maxLag the maximum time that a stream may be behind before it is closed
 * @param maxLagBytes the maximum weight of events that a stream may be behind before it is closed
 * @param drainWindow the time over which the ends of streams are spread during a shutdown
 */
public record StreamOptions(
        Duration heartbeat,
        HeartbeatForm heartbeatForm,
        Duration retry,
        int sendBuffer,
        Duration maxLag,
        long maxLagBytes,
        Duration drainWindow) {

    /** The form of a heartbeat on the wire. */
    public enum HeartbeatForm {
        /**
         * An {@code id:} line only. It updates the cursor of a reader whose filter matched nothing and fires no event.
         */
        ID,
        /** {@code event: heartbeat} with {@code data: {}}, for clients that need to see heartbeats. */
        EVENT
    }

    public static final StreamOptions DEFAULTS = new StreamOptions(
            Duration.ofSeconds(15),
            HeartbeatForm.ID,
            Duration.ofSeconds(2),
            16 << 10,
            Duration.ofSeconds(30),
            8L << 20,
            Duration.ofSeconds(20));

    public StreamOptions {
        if (heartbeat.isNegative() || heartbeat.isZero()) {
            throw new IllegalArgumentException("heartbeat must be longer than 0s");
        }
        if (retry.isNegative()) {
            throw new IllegalArgumentException("retry must not be negative");
        }
        if (sendBuffer <= 0) {
            throw new IllegalArgumentException("send-buffer must be greater than 0");
        }
        if (maxLag.isNegative() || maxLag.isZero()) {
            throw new IllegalArgumentException("max-lag must be longer than 0s");
        }
        if (drainWindow.isNegative()) {
            throw new IllegalArgumentException("drain-window must not be negative");
        }
        if (maxLagBytes <= 0) {
            throw new IllegalArgumentException("max-lag-bytes must be greater than 0");
        }
    }
}
