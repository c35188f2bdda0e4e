package io.tidegate.journal.retention;

import static io.tidegate.journal.Journaling.topics;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidegate.event.Cursor;
import io.tidegate.event.Event;
import io.tidegate.event.Kind;
import io.tidegate.journal.Journaling;
import io.tidegate.journal.retention.RetentionIndex.Evicted;
import io.tidegate.journal.retention.RetentionIndex.Slot;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RetentionIndexTest {

    private static final Cursor START = new Cursor("epoch", 0);
    private static final long NOW = 1_000_000;
    private static final Slot SESSIONS = new Slot(Kind.SESSIONS, "");
    private static final Slot DEPLOYS = new Slot(Kind.DEPLOYS, "");
    private static final Slot A = new Slot(Kind.DEPLOYS, "deploys/a");
    private static final Slot B = new Slot(Kind.DEPLOYS, "deploys/b");

    private final RetentionIndex index = new RetentionIndex(Map.of());
    private long offset;

    @Test
    void atTheBeginningNothingIsHeldAndNothingIsMissed() {
        assertEquals(0, index.last());
        assertEquals(0, index.evictedThrough(topics("**")));
        assertEquals(Set.of(), index.changed());
        for (Kind kind : Kind.values()) {
            assertEquals(0, index.range(kind).events());
            assertEquals(Optional.empty(), index.evictDue(kind, keep(1, 1, 1), NOW));
        }
    }

    @Test
    void whatIsHeldOfAKindIsAllThatWasAddedOfIt() {
        Event first = add("sessions");
        add("elsewhere");
        Event last = add("sessions");
        RetainedRange held = index.range(Kind.SESSIONS);
        assertEquals(new RetainedRange(2, first.weight() + last.weight(), 0, 1, 3, NOW), held);
        assertEquals(1, index.range(Kind.OTHER).events());
        assertEquals(3, index.last());
        assertEquals(Set.of(SESSIONS, new Slot(Kind.OTHER, "")), index.changed());
    }

    @Test
    void whatIsKeptAsAWholeIsCountedByTopicAndByKind() {
        add("deploys/a");
        add("deploys/b");
        add("deploys/a");
        assertEquals(3, index.range(Kind.DEPLOYS).events());
        assertEquals(2, index.range(A).orElseThrow().events());
        assertEquals(1, index.range(B).orElseThrow().events());
        assertEquals(Set.of(DEPLOYS, A, B), index.changed());
    }

    @Test
    void aCutRaisesTheMarkOfItsKindAlone() {
        Event gone = add("sessions");
        Event other = add("items");
        Event stays = add("sessions");
        cut(gone);
        index.commit();
        assertFalse(index.retains(gone));
        assertTrue(index.retains(stays));
        assertTrue(index.retains(other));
        assertEquals(1, index.evictedThrough(topics("sessions")));
        assertEquals(1, index.evictedThrough(topics("items", "sessions/x")));
        assertEquals(1, index.evictedThrough(topics("*")));
        assertEquals(0, index.evictedThrough(topics("items")));
        assertEquals(1, index.range(Kind.SESSIONS).events());
    }

    @Test
    void theHighestMarkOfTheSelectionCounts() {
        cut(add("items"));
        cut(add("sessions"));
        cut(add("elsewhere"));
        assertEquals(1, index.evictedThrough(topics("items")));
        assertEquals(2, index.evictedThrough(topics("items", "sessions")));
        assertEquals(3, index.evictedThrough(topics("elsewhere", "items")));
        assertEquals(3, index.last());
    }

    @Test
    void noTopicGoesWhileEveryBoundIsMetExactly() {
        Event first = addAt("deploys/a", NOW - 1_000);
        Event second = add("deploys/b");
        assertEquals(Optional.empty(), due(keep(2, first.weight() + second.weight(), 2)));
        assertEquals(A, due(keep(1, 1 << 20, 2)).orElseThrow().slot());
    }

    @Test
    void eachBoundByItselfMakesTheQuietestTopicGo() {
        Event first = addAt("deploys/a", NOW - 1_001);
        Event second = add("deploys/b");
        index.commit();
        assertEquals(A, due(keep(2, 1 << 20, 2)).orElseThrow().slot());
        assertEquals(Optional.empty(), due(keep(2, 1 << 20, 2)));
        index.rollback();
        index.add(event("deploys/a", NOW, ++offset));
        index.commit();
        long weight = 2L * first.weight() + second.weight();
        assertEquals(Optional.empty(), due(keep(3, weight, 2)));
        for (Retention tight : new Retention[] {keep(2, weight, 2), keep(3, weight - 1, 2), keep(3, weight, 1)}) {
            assertEquals(B, due(tight).orElseThrow().slot());
            index.rollback();
        }
    }

    @Test
    void topicsGoInTheOrderOfTheirNewestEvents() {
        add("deploys/a");
        add("deploys/b");
        add("deploys/c");
        add("deploys/a");
        RetainedRange held = index.range(B).orElseThrow();
        assertEquals(new Evicted(B, held), due(keep(1, 1 << 20, 9)).orElseThrow());
        assertEquals("deploys/c", due(keep(1, 1 << 20, 9)).orElseThrow().slot().topic());
        assertEquals(A, due(keep(1, 1 << 20, 9)).orElseThrow().slot());
        assertEquals(Optional.empty(), due(keep(1, 1 << 20, 9)));
        assertEquals(0, index.range(Kind.DEPLOYS).events());
        assertEquals(0, index.range(Kind.DEPLOYS).weight());
    }

    @Test
    void theEvictionOfATopicIsNoGapForReadersOfAnotherOne() {
        Event gone = add("deploys/a");
        Event stays = add("deploys/b");
        assertEquals(A, due(keep(1, 1 << 20, 9)).orElseThrow().slot());
        index.commit();
        assertFalse(index.retains(gone));
        assertTrue(index.retains(stays));
        assertEquals(0, index.evictedThrough(topics("deploys/b")));
        assertEquals(1, index.evictedThrough(topics("deploys/a")));
        assertEquals(1, index.evictedThrough(topics("deploys/b", "deploys/a")));
        assertEquals(1, index.evictedThrough(topics("deploys/*")));
        assertEquals(1, index.evictedThrough(topics("**")));
        assertEquals(0, index.evictedThrough(topics("sessions")));
    }

    @Test
    void aTopicThatBeginsAgainHasTheMarkOfItsKind() {
        Event gone = add("deploys/a");
        add("deploys/b");
        assertEquals(A, due(keep(1, 1 << 20, 9)).orElseThrow().slot());
        index.commit();
        Event again = add("deploys/a");
        add("deploys/new");
        index.commit();
        assertFalse(index.retains(gone));
        assertTrue(index.retains(again));
        assertEquals(1, index.evictedThrough(topics("deploys/a")));
        assertEquals(1, index.evictedThrough(topics("deploys/new")));
        assertEquals(0, index.evictedThrough(topics("deploys/b")));
        assertEquals(again.offset(), index.range(A).orElseThrow().first());
    }

    @Test
    void aRollbackRestoresWhatWasHeldAndTheOrderInWhichItGoes() {
        add("deploys/a");
        add("deploys/b");
        add("sessions");
        index.commit();
        assertEquals(Set.of(), index.changed());
        RetainedRange sessions = index.range(Kind.SESSIONS);
        RetainedRange deploys = index.range(Kind.DEPLOYS);
        assertEquals(A, due(keep(1, 1 << 20, 9)).orElseThrow().slot());
        add("deploys/c");
        add("deploys/b");
        cut(add("sessions"));
        index.rollback();
        assertEquals(Set.of(), index.changed());
        assertEquals(sessions, index.range(Kind.SESSIONS));
        assertEquals(deploys, index.range(Kind.DEPLOYS));
        assertEquals(Optional.empty(), index.range(new Slot(Kind.DEPLOYS, "deploys/c")));
        assertEquals(0, index.evictedThrough(topics("**")));
        assertEquals(3, index.last());
        assertEquals(A, due(keep(1, 1 << 20, 9)).orElseThrow().slot());
        assertEquals(Optional.empty(), due(keep(1, 1 << 20, 9)));
    }

    /** A reader obtains the mark after it has read, and a rollback may happen between the two. */
    @Test
    void noReaderLeavesOutAnEventWhoseEvictionIsRolledBack() {
        Event deploy = add("deploys/a");
        Event session = add("sessions");
        index.commit();
        assertEquals(A, due(keep(1, 1, 9)).orElseThrow().slot());
        cut(session);
        assertTrue(index.retains(deploy));
        assertTrue(index.retains(session));
        assertEquals(2, index.evictedThrough(topics("**")));
        index.rollback();
        assertEquals(0, index.evictedThrough(topics("**")));
    }

    @Test
    void aRollbackTakesBackNothingThatWasCommitted() {
        cut(add("sessions"));
        index.commit();
        index.rollback();
        assertEquals(1, index.evictedThrough(topics("sessions")));
    }

    @Test
    void seedsAreHeldAsIfTheyHadBeenAdded() {
        add("deploys/b");
        add("deploys/a");
        cut(add("sessions"));
        RetentionIndex seeded = new RetentionIndex(all());
        assertEquals(Set.of(), seeded.changed());
        assertEquals(3, seeded.last());
        assertEquals(3, seeded.evictedThrough(topics("**")));
        assertEquals(
                B,
                seeded.evictDue(Kind.DEPLOYS, keep(1, 1 << 20, 9), NOW)
                        .orElseThrow()
                        .slot());
    }

    @Test
    void aReplacementLeavesNothingOfWhatWasHeld() {
        add("deploys/a");
        add("deploys/b");
        add("sessions");
        RetainedRange later = new RetainedRange(4, 400, 5, 6, 9, NOW);
        index.replace(Map.of(DEPLOYS, later, B, later));
        assertEquals(RetainedRange.empty(0), index.range(Kind.SESSIONS));
        assertEquals(Optional.empty(), index.range(A));
        assertEquals(5, index.evictedThrough(topics("deploys/a")));
        assertEquals(9, index.last());
        index.rollback();
        assertEquals(Optional.of(later), index.range(B));
        assertEquals(new Evicted(B, later), due(keep(1, 1 << 20, 9)).orElseThrow());
        assertEquals(Optional.empty(), due(keep(1, 1 << 20, 9)));
    }

    private Map<Slot, RetainedRange> all() {
        Map<Slot, RetainedRange> all = new HashMap<>();
        index.changed().forEach(slot -> all.put(slot, index.range(slot).orElseThrow()));
        return all;
    }

    /** Trims all events of this event's kind, up to and including this one. */
    private void cut(Event through) {
        RetainedRange extent = index.range(through.kind());
        TrimScan scan = new TrimScan(extent, keep(1, 1, 1), Long.MAX_VALUE);
        assertTrue(scan.offer(through.offset(), through.time().toEpochMilli(), through.weight()));
        index.trim(through.kind(), scan);
    }

    private Optional<Evicted> due(Retention keep) {
        return index.evictDue(Kind.DEPLOYS, keep, NOW);
    }

    private Event add(String topic) {
        return addAt(topic, NOW);
    }

    private Event addAt(String topic, long millis) {
        Event event = event(topic, millis, ++offset);
        index.add(event);
        return event;
    }

    private static Event event(String topic, long millis, long offset) {
        return Event.of(Journaling.draft(topic, "1"), START.at(offset), Instant.ofEpochMilli(millis));
    }

    private static Retention keep(long events, long bytes, int keys) {
        return new Retention(events, Duration.ofSeconds(1), bytes, keys, 1 << 24);
    }
}
