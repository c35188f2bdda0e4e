package io.tidegate.delivery.sse;

import java.time.Duration;

/**
 * How streams behave.
 *
 * @param heartbeat how often a stream hears from us at least
 * @param heartbeatForm what a heartbeat looks like
 * @param retry how long a client waits before it reconnects; each stream is told up to half as much again, by chance
 * @param sendBuffer bytes of the socket's send buffer, so that a stalled reader hides little in the kernel
 * @param maxLag how long a stream may be behind before it is closed
 * @param maxLagBytes how far, in bytes of events it has not got, a stream may be behind before it is closed
 * @param drainWindow over how long the ends of streams are spread at a shutdown
 */
public record StreamOptions(
        Duration heartbeat,
        HeartbeatForm heartbeatForm,
        Duration retry,
        int sendBuffer,
        Duration maxLag,
        long maxLagBytes,
        Duration drainWindow) {

    /** What a heartbeat looks like on the wire. */
    public enum HeartbeatForm {
        /** An {@code id:} line alone: moves the cursor of a reader whose filter matched nothing, fires no event. */
        ID,
        /** {@code event: heartbeat} with {@code data: {}}, for clients that want to see it. */
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
