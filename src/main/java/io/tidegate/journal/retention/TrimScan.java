package io.tidegate.journal.retention;

/** Determines how many of the oldest events of a kind must be evicted. Used by one call only. */
public final class TrimScan {

    private final RetainedRange range;
    private final Retention bounds;
    private final long keepSince;
    private long events;
    private long weight;
    private long through;

    public TrimScan(RetainedRange range, Retention bounds, long nowMillis) {
        this.range = range;
        this.bounds = bounds;
        this.keepSince = nowMillis - bounds.age().toMillis();
    }

    /**
     * Examines the next event, beginning with the oldest, and returns whether the event must be evicted. Once an event
     * is kept, all later ones are also kept.
     */
    public boolean offer(long offset, long millis, long eventWeight) {
        boolean evicted = range.events() - events > bounds.events()
                || range.weight() - weight > bounds.bytes()
                || millis < keepSince;
        if (evicted) {
            events++;
            weight += eventWeight;
            through = offset;
        }
        return evicted;
    }

    public boolean isEmpty() {
        return events == 0;
    }

    public long events() {
        return events;
    }

    /** Returns the offset of the last event that must be evicted. */
    public long through() {
        return through;
    }

    RetainedRange remaining() {
        return range.minus(events, weight, through);
    }
}
