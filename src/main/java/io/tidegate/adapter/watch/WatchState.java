package io.tidegate.adapter.watch;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** Records whether the list of a watched kind is up to date. Written only by the watch; any thread may read it. */
final class WatchState {

    private volatile Seen lastPoll;
    private final Clock clock;
    private volatile Instant readAt;

    private record Seen(Instant confirmed, boolean current, boolean failing) {}

    WatchState(Clock clock) {
        this.clock = clock;
        this.readAt = clock.instant();
        this.lastPoll = new Seen(readAt, false, false);
    }

    /** Returns the time at which the list was last confirmed; empty while polls succeed. */
    Optional<Instant> staleSince() {
        Seen now = lastPoll;
        return now.current() ? Optional.empty() : Optional.of(now.confirmed());
    }

    /**
     * Returns {@code STALE} while the origin fails, {@code PAUSED} while no client reads the kind or before the first
     * response, and otherwise {@code UP}.
     */
    String status() {
        Seen now = lastPoll;
        return now.current() ? "UP" : now.failing() ? "STALE" : "PAUSED";
    }

    /** Records that a client is reading the kind now. */
    void markRead() {
        readAt = clock.instant();
    }

    boolean readWithin(Duration time) {
        return clock.instant().isBefore(readAt.plus(time));
    }

    void confirmed() {
        lastPoll = new Seen(clock.instant(), true, false);
    }

    void failed() {
        lastPoll = new Seen(lastPoll.confirmed(), false, true);
    }

    void paused() {
        lastPoll = new Seen(lastPoll.confirmed(), false, false);
    }
}
