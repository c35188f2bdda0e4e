package io.tidegate.journal.retention;

import io.tidegate.event.Event;

/**
 * Summarizes the retained events of one kind, or of one topic that is evicted as a whole.
 *
 * @param events the number of events
 * @param weight the total {@link Event#weight()} of the events
 * @param floor the offset up to which events have been evicted or may be evicted at any time
 * @param first an offset before which the range has no events
 * @param last the offset of the newest event
 * @param lastMillis the time of the newest event, in epoch milliseconds
 */
public record RetainedRange(long events, long weight, long floor, long first, long last, long lastMillis) {

    static RetainedRange empty(long floor) {
        return new RetainedRange(0, 0, floor, floor + 1, floor, 0);
    }

    RetainedRange plus(Event event) {
        return new RetainedRange(
                events + 1,
                weight + event.weight(),
                floor,
                events == 0 ? event.offset() : first,
                event.offset(),
                event.time().toEpochMilli());
    }

    RetainedRange minus(long evictedEvents, long evictedWeight, long evictedThrough) {
        long newFloor = Math.max(floor, evictedThrough);
        return new RetainedRange(
                events - evictedEvents, weight - evictedWeight, newFloor, first, Math.max(last, newFloor), lastMillis);
    }

    public boolean exceeds(Retention bounds) {
        return events > bounds.events() || weight > bounds.bytes();
    }
}
