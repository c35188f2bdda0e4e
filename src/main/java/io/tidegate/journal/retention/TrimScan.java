package io.tidegate.journal.retention;

/** Finds how many of a kind's oldest events have to go. Owned by one call. */
public final class TrimScan {

    private final RetainedRange extent;
    private final Retention keep;
    private final long keepSince;
    private long events;
    private long weight;
    private long through;

    public TrimScan(RetainedRange extent, Retention keep, long nowMillis) {
        this.extent = extent;
        this.keep = keep;
        this.keepSince = nowMillis - keep.age().toMillis();
    }

    /** Offered from the oldest on: whether this event goes. When it stays, all after it stay. */
    public boolean take(long offset, long millis, long eventWeight) {
        boolean goes = extent.events() - events > keep.events()
                || extent.weight() - weight > keep.bytes()
                || millis < keepSince;
        if (goes) {
            events++;
            weight += eventWeight;
            through = offset;
        }
        return goes;
    }

    public boolean isEmpty() {
        return events == 0;
    }

    public long events() {
        return events;
    }

    /** Offset of the last event that goes. */
    public long through() {
        return through;
    }

    RetainedRange rest() {
        return extent.minus(events, weight, through);
    }
}
