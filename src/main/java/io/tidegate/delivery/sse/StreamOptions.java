package io.tidegate.delivery.sse;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Configures streams.
 *
 * @param heartbeat the maximum time between two messages on a stream
 * @param heartbeatForm the form of a heartbeat
 * @param retry the time that a client waits before it reconnects; each stream adds a random jitter of up to half of it
 * @param sendBuffer the size of the socket's send buffer in bytes; with a small buffer, a stalled client is noticed
 *     early
 * @param maxLag the maximum time for which a stream's client may accept no bytes before the stream is closed
 * @param maxLagBytes the maximum total weight of the events by which a stream may lag before it is closed
 * @param drainWindow the period over which the closing of streams is spread during a shutdown
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
         * Only an {@code id:} line, which updates the reader's cursor even if no event matched its filter, and does not
         * fire an event.
         */
        ID,
        /** {@code event: heartbeat} with {@code data: {}}, for clients that need to observe heartbeats. */
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

    /** Returns the retry time in milliseconds with a random jitter, see {@link #jittered}. */
    long jitteredRetryMillis() {
        return jittered(retry.toMillis());
    }

    /**
     * Returns a time plus a random amount of at most half of it, so that clients that were disconnected together do not
     * reconnect together.
     */
    static long jittered(long millis) {
        return millis + ThreadLocalRandom.current().nextLong(millis / 2 + 1);
    }
}
