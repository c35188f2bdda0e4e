package io.tidegate.journal.history;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.tidegate.event.Cursor;
import io.tidegate.event.Draft;
import io.tidegate.event.Event;
import io.tidegate.event.Kind;
import io.tidegate.journal.Journaling;
import io.tidegate.journal.Snapshot;
import io.tidegate.journal.history.LatestStates.Dropped;
import io.tidegate.journal.retention.Retention;
import io.tidegate.journal.retention.RetentionIndex.Slot;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class LatestStatesTest {

    private static final Cursor START = new Cursor("epoch", 0);
    private static final String CREATED = "session_created";
    private static final String UPDATED = "session_updated";
    private static final String ENDED = "session_terminated";

    private final LatestStates states = new LatestStates(START, Map.of());
    private long offset;

    @Test
    void withoutSeedsEveryKindIsEmptyAtThePosition() {
        for (Kind kind : Kind.values()) {
            assertEquals(new Snapshot(START, List.of()), states.snapshot(kind));
            assertEquals(List.of(), surplus(kind, 1));
        }
    }

    @Test
    void theSeedsAreTheStateAtThePosition() {
        Event session = session(CREATED, "a");
        Event item = event("items", "item.created", "a");
        LatestStates seeded =
                new LatestStates(START.at(9), Map.of(Kind.SESSIONS, List.of(session), Kind.ITEMS, List.of(item)));
        assertEquals(new Snapshot(START.at(9), List.of(session)), seeded.snapshot(Kind.SESSIONS));
        assertEquals(item, seeded.get(Kind.ITEMS, "a").orElseThrow());
        assertEquals(new Snapshot(START.at(9), List.of()), seeded.snapshot(Kind.INSTANCES));
    }

    @Test
    void keysStandInTheOrderInWhichTheyAppeared() {
        apply(session(CREATED, "a"), session(CREATED, "b"));
        apply(session(UPDATED, "a"), session(CREATED, "c"));
        assertEquals("a@3 b@2 c@4", shown(Kind.SESSIONS));
        apply(session(ENDED, "a"));
        assertEquals("b@2 c@4", shown(Kind.SESSIONS));
        apply(session(CREATED, "a"));
        assertEquals("b@2 c@4 a@6", shown(Kind.SESSIONS));
    }

    @Test
    void theEndOfAKeyTakesNothingButThatKeyOfItsKind() {
        apply(session(CREATED, "a"), session(CREATED, "b"), event("items", "item.created", "a"));
        apply(session(ENDED, "a"));
        assertEquals("b@2", shown(Kind.SESSIONS));
        assertEquals("a@3", shown(Kind.ITEMS));
        apply(session(ENDED, "a"), session(ENDED, "unknown"), event("items", ENDED, "a"));
        assertEquals("b@2", shown(Kind.SESSIONS));
        assertEquals("a@7", shown(Kind.ITEMS));
    }

    @Test
    void withinOneCommitTheLastEventOfAKeyCounts() {
        apply(session(CREATED, "a"), session(ENDED, "a"), session(CREATED, "b"), session(CREATED, "a"));
        assertEquals("b@3 a@4", shown(Kind.SESSIONS));
        apply(session(UPDATED, "a"), session(ENDED, "a"));
        assertEquals("b@3", shown(Kind.SESSIONS));
    }

    @Test
    void anEventWithoutAKeyMovesThePositionAlone() {
        apply(session(CREATED, "a"));
        List<Event> before = states.snapshot(Kind.SESSIONS).events();
        apply(unkeyed("sessions"), unkeyed("elsewhere"));
        assertEquals(START.at(3), states.snapshot(Kind.SESSIONS).cursor());
        assertSame(before, states.snapshot(Kind.SESSIONS).events());
    }

    @Test
    void aCommitOfNothingChangesNothing() {
        apply(session(CREATED, "a"));
        Snapshot before = states.snapshot(Kind.SESSIONS);
        Dropped none = new Dropped();
        none.keys(Kind.SESSIONS, List.of());
        states.apply(List.of(), none);
        assertEquals(before, states.snapshot(Kind.SESSIONS));
        assertSame(before.events(), states.snapshot(Kind.SESSIONS).events());
    }

    @Test
    void theCopyIsMadeOncePerChangeOfItsKind() {
        apply(session(CREATED, "a"), event("items", "item.created", "i"));
        List<Event> copy = states.snapshot(Kind.SESSIONS).events();
        assertSame(copy, states.snapshot(Kind.SESSIONS).events());
        apply(event("items", "item.updated", "i"));
        assertSame(copy, states.snapshot(Kind.SESSIONS).events());
        apply(session(CREATED, "b"));
        assertNotSame(copy, states.snapshot(Kind.SESSIONS).events());
        assertEquals(1, copy.size());
    }

    @Test
    void aDroppedTopicTakesTheKeysWhoseLatestEventIsOnIt() {
        apply(deploy("a", "deploys/a"), deploy("b", "deploys/b"), deploy("moved", "deploys/a"));
        apply(deploy("moved", "deploys/moved"));
        assertEquals("a@1 b@2 moved@4", shown(Kind.DEPLOYS));
        Dropped dropped = new Dropped();
        dropped.topic(new Slot(Kind.DEPLOYS, "deploys/a"));
        states.apply(List.of(), dropped);
        assertEquals("b@2 moved@4", shown(Kind.DEPLOYS));
        assertEquals(START.at(4), states.snapshot(Kind.DEPLOYS).cursor());
    }

    @Test
    void whatIsDroppedTogetherWithACommitGoesAfterItsEvents() {
        apply(session(CREATED, "a"));
        Dropped dropped = new Dropped();
        dropped.topic(new Slot(Kind.DEPLOYS, "deploys/a"));
        dropped.keys(Kind.SESSIONS, List.of("a"));
        states.apply(List.of(deploy("a", "deploys/a"), session(UPDATED, "a"), session(CREATED, "b")), dropped);
        assertEquals("", shown(Kind.DEPLOYS));
        assertEquals("b@4", shown(Kind.SESSIONS));
    }

    @Test
    void keysAreDroppedFromTheirKindAlone() {
        apply(session(CREATED, "a"), session(CREATED, "b"), event("items", "item.created", "a"));
        assertEquals("a@1 b@2", shown(Kind.SESSIONS));
        Dropped dropped = new Dropped();
        dropped.keys(Kind.SESSIONS, List.of("a", "unknown"));
        states.apply(List.of(), dropped);
        assertEquals("b@2", shown(Kind.SESSIONS));
        assertEquals("a@3", shown(Kind.ITEMS));
        assertEquals(true, states.get(Kind.SESSIONS, "a").isEmpty());
    }

    @Test
    void beyondTheBoundOnTheWeightAreTheKeysThatAppearedFirst() {
        apply(session(CREATED, "a"), session(CREATED, "b"), session(CREATED, "c"));
        long each = states.get(Kind.SESSIONS, "a").orElseThrow().weight();
        assertEquals(List.of(), heavy(3 * each));
        assertEquals(List.of("a"), heavy(3 * each - 1));
        assertEquals(List.of("a", "b"), heavy(each));
        assertEquals(List.of("a", "b"), heavy(1), "the last key remains");
        apply(session(ENDED, "a"));
        assertEquals(List.of(), heavy(2 * each));
        Dropped dropped = new Dropped();
        dropped.keys(Kind.SESSIONS, List.of("b"));
        states.apply(List.of(), dropped);
        apply(session(UPDATED, "c"), session(UPDATED, "c"), session(CREATED, "d"));
        assertEquals(List.of(), heavy(2 * each));
        assertEquals(List.of("c"), heavy(2 * each - 1));
    }

    private List<String> heavy(long keyBytes) {
        return states.surplusKeys(Kind.SESSIONS, new Retention(1, Duration.ofDays(1), 1, 100, keyBytes));
    }

    private List<String> surplus(Kind kind, int keys) {
        return states.surplusKeys(kind, new Retention(1, Duration.ofDays(1), 1, keys, 1 << 24));
    }

    @Test
    void beyondTheBoundAreTheKeysThatAppearedFirst() {
        apply(session(CREATED, "a"), session(CREATED, "b"), session(CREATED, "c"), session(UPDATED, "a"));
        assertEquals(List.of(), surplus(Kind.SESSIONS, 4));
        assertEquals(List.of(), surplus(Kind.SESSIONS, 3));
        assertEquals(List.of("a"), surplus(Kind.SESSIONS, 2));
        assertEquals(List.of("a", "b"), surplus(Kind.SESSIONS, 1));
        apply(session(ENDED, "a"), session(CREATED, "a"));
        assertEquals(List.of("b", "c"), surplus(Kind.SESSIONS, 1));
        assertEquals(List.of(), surplus(Kind.ITEMS, 1));
    }

    @Test
    void aReplacementLeavesNothingOfWhatWasThere() {
        apply(session(CREATED, "a"), event("items", "item.created", "i"));
        assertEquals("a@1", shown(Kind.SESSIONS));
        assertEquals("i@2", shown(Kind.ITEMS));
        states.replace(START.at(8), Map.of(Kind.ITEMS, List.of(event("items", "item.created", "j"))));
        assertEquals("", shown(Kind.SESSIONS));
        assertEquals("j@3", shown(Kind.ITEMS));
        assertEquals(START.at(8), states.snapshot(Kind.SESSIONS).cursor());
        offset = 8;
        apply(session(CREATED, "b"));
        assertEquals("b@9", shown(Kind.SESSIONS));
    }

    @Test
    void readersSeeACommitWholeOrNotAtAll() throws Exception {
        int commits = 20_000;
        CompletableFuture<Void> written = CompletableFuture.runAsync(() -> {
            for (int i = 0; i < commits; i++) {
                apply(session(UPDATED, "a"), session(UPDATED, "b"));
            }
        });
        long seen = 0;
        while (seen < 2L * commits && !written.isCompletedExceptionally()) {
            Snapshot snapshot = states.snapshot(Kind.SESSIONS);
            seen = snapshot.cursor().offset();
            List<Long> whole = seen == 0 ? List.of() : List.of(seen - 1, seen);
            assertEquals(whole, Journaling.offsets(snapshot.events()));
        }
        written.get(20, TimeUnit.SECONDS);
    }

    private void apply(Event... events) {
        states.apply(List.of(events), new Dropped());
    }

    private Event session(String type, String key) {
        return event("sessions", type, key);
    }

    private Event deploy(String key, String topic) {
        return event(topic, "deploy_status", key);
    }

    private Event event(String topic, String type, String key) {
        return next(Journaling.keyed(topic, type, key));
    }

    private Event unkeyed(String topic) {
        return next(Journaling.draft(topic, "1"));
    }

    private Event next(Draft draft) {
        return Event.of(draft, START.at(++offset), Instant.EPOCH);
    }

    private String shown(Kind kind) {
        List<Event> events = states.snapshot(kind).events();
        for (Event event : events) {
            assertSame(event, states.get(kind, event.key().orElseThrow()).orElseThrow());
        }
        return String.join(
                " ",
                events.stream()
                        .map(event -> event.key().orElseThrow() + "@" + event.offset())
                        .toList());
    }
}
