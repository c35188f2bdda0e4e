package io.tidegate.journal.retention;

import io.tidegate.event.Event;

/**
 * How much the journal holds of one kind, or of one topic that is kept whole.
 *
 * @param floor everything of it at or before this offset is gone or may be
 * @param first nothing of it is before this offset
 * @param last offset of its newest event
 * @param lastMillis time of its newest event
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

    RetainedRange minus(long goneEvents, long goneWeight, long goneThrough) {
        long newFloor = Math.max(floor, goneThrough);
        return new RetainedRange(
                events - goneEvents, weight - goneWeight, newFloor, first, Math.max(last, newFloor), lastMillis);
    }

    public boolean exceeds(Retention keep) {
        return events > keep.events() || weight > keep.bytes();
    }
}
