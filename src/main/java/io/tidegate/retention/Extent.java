package io.tidegate.retention;

import io.tidegate.event.Event;

/**
 * How much the journal holds of one kind, or of one topic that is kept whole.
 *
 * @param floor everything of it at or before this offset is gone or may be
 * @param first nothing of it is before this offset
 * @param last offset of its newest event
 * @param lastMillis time of its newest event
 */
public record Extent(long events, long weight, long floor, long first, long last, long lastMillis) {

    static Extent empty(long floor) {
        return new Extent(0, 0, floor, floor + 1, floor, 0);
    }

    Extent plus(Event event) {
        return new Extent(
                events + 1,
                weight + event.weight(),
                floor,
                events == 0 ? event.offset() : first,
                event.offset(),
                event.time().toEpochMilli());
    }

    Extent minus(long goneEvents, long goneWeight, long goneThrough) {
        long newFloor = Math.max(floor, goneThrough);
        return new Extent(
                events - goneEvents, weight - goneWeight, newFloor, first, Math.max(last, newFloor), lastMillis);
    }

    public boolean exceeds(Retention keep) {
        return events > keep.events() || weight > keep.bytes();
    }
}
