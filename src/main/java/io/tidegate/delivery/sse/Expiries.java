package io.tidegate.delivery.sse;

import io.vertx.core.Vertx;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;

/**
 * Ends the streams of a loop before their tokens end: by one timer for the next of them, and before anything is written
 * in a turn for which that timer came too late. Owned by one event loop.
 */
final class Expiries {

    /** So much earlier than the token: the end is to have reached the client by then. */
    private static final Duration MARGIN = Duration.ofMillis(100);

    /** A timer counts from its start; after this long it looks at a clock that may have been set meanwhile. */
    private static final Duration LONGEST = Duration.ofMinutes(10);

    private final Vertx vertx;
    private final Clock clock;
    /** Those that are open. */
    private final Collection<Stream> streams;
    /** No stream ends earlier. It stays when the stream that it was for has gone, which costs one look. */
    private Instant next = Instant.MAX;

    private long timer = -1;

    Expiries(Vertx vertx, Clock clock, Collection<Stream> streams) {
        this.vertx = vertx;
        this.clock = clock;
        this.streams = streams;
    }

    /** Takes a stream that was opened into account. */
    void watch(Stream stream) {
        Instant end = end(stream);
        if (end.isBefore(next)) {
            next = end;
            arm();
        }
    }

    /** Ends what is due. */
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
