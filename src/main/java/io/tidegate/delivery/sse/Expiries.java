package io.tidegate.delivery.sse;

import io.vertx.core.Vertx;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;

/**
 * Ends the streams of an event loop before their tokens expire. A single timer is set for the stream that ends first.
 * In case the timer is late, due streams are also ended before the first write in a turn. Owned by one event loop.
 */
final class Expiries {

    /** How long before its token expires a stream is ended, so that the end reaches the client in time. */
    private static final Duration MARGIN = Duration.ofMillis(100);

    /** The maximum delay of the timer. It is limited because the clock may be adjusted while the timer is running. */
    private static final Duration LONGEST = Duration.ofMinutes(10);

    private final Vertx vertx;
    private final Clock clock;
    /** The open streams. */
    private final Collection<Stream> streams;
    /**
     * The time before which no stream is due. It is not updated when the stream for which it was computed is closed;
     * that only causes an unnecessary check.
     */
    private Instant next = Instant.MAX;

    private long timer = -1;

    Expiries(Vertx vertx, Clock clock, Collection<Stream> streams) {
        this.vertx = vertx;
        this.clock = clock;
        this.streams = streams;
    }

    /** Ensures that the timer fires by the time at which the new stream must end. */
    void watch(Stream stream) {
        Instant end = end(stream);
        if (end.isBefore(next)) {
            next = end;
            arm();
        }
    }

    /** Ends the streams that are due. */
    void endDue() {
        Instant now = clock.instant();
        if (!now.isBefore(next)) {
            List.copyOf(streams).stream()
                    .filter(stream -> !now.isBefore(end(stream)))
                    .forEach(stream -> stream.close(CloseReason.EXPIRED));
            next = streams.stream().map(Expiries::end).min(Instant::compareTo).orElse(Instant.MAX);
            arm();
        }
    }

    private void arm() {
        vertx.cancelTimer(timer);
        if (next.equals(Instant.MAX)) {
            return;
        }
        Instant now = clock.instant();
        long millis = next.isAfter(now.plus(LONGEST))
                ? LONGEST.toMillis()
                : Math.max(1, Duration.between(now, next).toMillis());
        timer = vertx.setTimer(millis, ignored -> {
            if (clock.instant().isBefore(next)) {
                arm();
            } else {
                endDue();
            }
        });
    }

    private static Instant end(Stream stream) {
        return stream.expires().minus(MARGIN);
    }
}
