package io.tidegate.adapter.watch;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** How well the list of a kind is known. Written by its watch, read by anyone. */
public final class WatchState {

    private volatile Seen seen;
    private final Clock clock;
    private volatile Instant readAt;

    private record Seen(Instant confirmed, boolean current, boolean failing) {}

    WatchState(Clock clock) {
        this.clock = clock;
        this.readAt = clock.instant();
        this.seen = new Seen(readAt, false, false);
    }

    /** Since when nobody has confirmed the list; none while its origin answers. */
    public Optional<Instant> staleSince() {
        Seen now = seen;
        return now.current() ? Optional.empty() : Optional.of(now.confirmed());
    }

    /** {@code UP}, {@code STALE} while the origin fails, {@code PAUSED} while nobody reads or before the first answer. */
    public String status() {
        Seen now = seen;
        return now.current() ? "UP" : now.failing() ? "STALE" : "PAUSED";
    }

    /** Somebody reads the kind now. */
    public void markRead() {
        readAt = clock.instant();
    }

    boolean readWithin(Duration time) {
        return clock.instant().isBefore(readAt.plus(time));
    }

    void confirmed() {
        seen = new Seen(clock.instant(), true, false);
    }

    void failed() {
        seen = new Seen(seen.confirmed(), false, true);
    }

    void paused() {
        seen = new Seen(seen.confirmed(), false, false);
    }
}
