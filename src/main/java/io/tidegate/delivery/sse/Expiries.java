package io.tidegate.delivery.sse;

import io.vertx.core.Vertx;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;

/**
 * Ends the streams of an event loop before their tokens expire. One timer is set for the stream that ends first; in
 * addition, due streams are ended before anything is written in a turn for which the timer was late. Owned by one event
 * loop.
 */
final class Expiries {

    /** How long before the expiry of its token a stream ends, so that the end reaches the client in time. */
    private static final Duration MARGIN = Duration.ofMillis(100);

    /** The longest delay of the timer, because the clock may be set while a timer runs. */
    private static final Duration LONGEST = Duration.ofMinutes(10);

    private final Vertx vertx;
    private final Clock clock;
    /** The open streams. */
    private final Collection<Stream> streams;
    /**
     * Time before which no stream ends. It is not updated when the stream it was computed for closes, at the cost of
     * one unneeded check.
     */
    private Instant next = Instant.MAX;

    private long timer = -1;

    Expiries(Vertx vertx, Clock clock, Collection<Stream> streams) {
        this.vertx = vertx;
        this.clock = clock;
        this.streams = streams;
    }

    /** Includes a stream that was opened. */
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
