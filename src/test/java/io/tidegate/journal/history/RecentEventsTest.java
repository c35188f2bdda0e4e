package io.tidegate.journal.history;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidegate.event.Cursor;
import io.tidegate.event.Event;
import io.tidegate.fixture.Fuzz;
import io.tidegate.journal.Journaling;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class RecentEventsTest {

    private static final Cursor START = new Cursor("epoch", 0);
    private static final long ANY_WEIGHT = Long.MAX_VALUE;
    private static final int PLENTY = 100;
    private static final int WEIGHT = event(1, 1).weight();

    @Test
    void beforeTheFirstEventOnlyTheEmptyRangeIsHere() {
        RecentEvents recent = new RecentEvents(3, ANY_WEIGHT, 0);
        assertEquals("[] whole", onwards(recent, 0, 0, PLENTY));
        assertEquals("[] missing", onwards(recent, 0, 1, PLENTY));
        assertEquals("[] whole", backwards(recent, 0, PLENTY));
        assertEquals("[]", held(recent, 10));
    }

    @Test
    void theEventsFollowTheHeadThatIsNotHere() {
        RecentEvents recent = new RecentEvents(3, ANY_WEIGHT, 40);
        assertEquals(40, recent.evictedThrough());
        assertEquals("[] whole", onwards(recent, 40, 40, PLENTY));
        assertEquals("[] missing", onwards(recent, 39, 40, PLENTY));
        add(recent, 41, 42);
        assertEquals(40, recent.evictedThrough());
        assertEquals("[41, 42]", held(recent, 50));
        assertEquals("[41, 42] whole", onwards(recent, 40, 42, PLENTY));
        assertEquals("[] missing", onwards(recent, 39, 42, PLENTY));
        assertEquals("[42, 41] missing", backwards(recent, 42, PLENTY));
    }

    @Test
    void oneMoreThanFitsEvictsTheOldestAlone() {
        RecentEvents recent = new RecentEvents(3, ANY_WEIGHT, 0);
        add(recent, 1, 3);
        assertEquals(0, recent.evictedThrough());
        assertEquals("[1, 2, 3]", held(recent, 20));
        add(recent, 4, 4);
        assertEquals(1, recent.evictedThrough());
        assertEquals("[2, 3, 4]", held(recent, 20));
        add(recent, 5, 3_000);
        assertEquals(2_997, recent.evictedThrough());
        assertEquals("[2998, 2999, 3000]", held(recent, 3_020));
    }

    @Test
    void theNewestIsHereHoweverSmallTheCapacity() {
        RecentEvents recent = new RecentEvents(0, ANY_WEIGHT, 0);
        add(recent, 1, 1);
        assertEquals("[1]", held(recent, 5));
        add(recent, 2, 2);
        assertEquals("[2]", held(recent, 5));
    }

    @Test
    void asManyAreHereAsMayWeighThatMuchTogether() {
        RecentEvents recent = new RecentEvents(PLENTY, 3L * WEIGHT, 0);
        add(recent, 1, 3);
        assertEquals("[1, 2, 3]", held(recent, 10));
        add(recent, 4, 4);
        assertEquals("[2, 3, 4]", held(recent, 10));
        recent.add(event(5, 2));
        assertEquals("[4, 5]", held(recent, 10));
    }

    @Test
    void anEventThatIsTooHeavyIsHereAloneUntilTheNext() {
        RecentEvents recent = new RecentEvents(PLENTY, 3L * WEIGHT, 0);
        add(recent, 1, 2);
        recent.add(event(3, 10_000));
        assertEquals(2, recent.evictedThrough());
        assertEquals("[3]", held(recent, 10));
        add(recent, 4, 6);
        assertEquals(3, recent.evictedThrough());
        assertEquals("[4, 5, 6]", held(recent, 10));
    }

    @Test
    void aRangeIsWholeUnlessThePageIsFullBeforeItsEnd() {
        RecentEvents recent = new RecentEvents(10, ANY_WEIGHT, 0);
        add(recent, 1, 6);
        assertEquals("[1, 2, 3, 4, 5, 6] whole", onwards(recent, 0, 6, PLENTY));
        assertEquals("[3, 4] whole", onwards(recent, 2, 4, PLENTY));
        assertEquals("[3, 4] whole", onwards(recent, 2, 4, 2));
        assertEquals("[3] cut", onwards(recent, 2, 4, 1));
        assertEquals("[6] missing", onwards(recent, 5, 7, PLENTY));
    }

    @Test
    void nothingOfARangeIsOfferedWhenItsBeginningWasEvicted() {
        RecentEvents recent = new RecentEvents(3, ANY_WEIGHT, 0);
        add(recent, 1, 5);
        assertEquals("[3, 4, 5] whole", onwards(recent, 2, 5, PLENTY));
        assertEquals("[] missing", onwards(recent, 1, 5, PLENTY));
        assertEquals("[] missing", onwards(recent, 1, 1, PLENTY));
    }

    @Test
    void backwardsTheHistoryIsWholeOnlyWhenItsFirstEventWasOffered() {
        RecentEvents recent = new RecentEvents(3, ANY_WEIGHT, 0);
        add(recent, 1, 3);
        assertEquals("[3, 2, 1] whole", backwards(recent, 3, PLENTY));
        assertEquals("[3, 2, 1] whole", backwards(recent, 3, 3));
        assertEquals("[3, 2] cut", backwards(recent, 3, 2));
        add(recent, 4, 4);
        assertEquals("[4, 3] cut", backwards(recent, 4, 2));
        assertEquals("[4, 3, 2] cut", backwards(recent, 4, 3));
        assertEquals("[4, 3, 2] missing", backwards(recent, 4, PLENTY));
    }

    @Fuzz
    void itHoldsWhatASimpleQueueHolds(
            @ForAll @IntRange(max = 5) int capacity,
            @ForAll @IntRange(max = 900) int maxWeight,
            @ForAll @IntRange(max = 3) int head,
            @ForAll @Size(max = 16) List<@IntRange(min = 1, max = 400) Integer> lengths) {
        RecentEvents recent = new RecentEvents(capacity, maxWeight, head);
        Deque<Event> queue = new ArrayDeque<>();
        long newest = head;
        for (int length : lengths) {
            Event event = event(++newest, length);
            recent.add(event);
            queue.add(event);
            while (queue.size() > Math.max(1, capacity) || queue.size() > 1 && weight(queue) > maxWeight) {
                queue.remove();
            }
            assertEquals(Journaling.offsets(List.copyOf(queue)).toString(), held(recent, newest + 8));
            assertEquals(newest - queue.size(), recent.evictedThrough());
        }
        for (long after = 0; after <= newest; after++) {
            boolean here = after >= newest - queue.size();
            List<Long> range = LongStream.rangeClosed(after + 1, newest).boxed().toList();
            assertEquals(here ? range + " whole" : "[] missing", onwards(recent, after, newest, PLENTY));
        }
    }

    @Test
    void aReaderThatMissesAnEventSeesThatItWasEvicted() throws Exception {
        RecentEvents recent = new RecentEvents(4, ANY_WEIGHT, 0);
        AtomicLong head = new AtomicLong();
        long last = 300_000;
        CompletableFuture<Void> written = CompletableFuture.runAsync(() -> {
            for (long offset = 1; offset <= last; offset++) {
                recent.add(event(offset, 1));
                head.set(offset);
            }
        });
        for (long known = 0; known < last && !written.isCompletedExceptionally(); known = head.get()) {
            for (long offset = Math.max(1, known - 3); offset <= known; offset++) {
                Optional<Event> found = recent.at(offset);
                assertTrue(found.isPresent() || recent.evictedThrough() >= offset, "neither here nor evicted");
                assertEquals(offset, found.map(Event::offset).orElse(offset));
            }
        }
        written.get(20, TimeUnit.SECONDS);
    }

    private static void add(RecentEvents recent, long from, long through) {
        for (long offset = from; offset <= through; offset++) {
            recent.add(event(offset, 1));
        }
    }

    private static Event event(long offset, int length) {
        return Event.of(Journaling.draft("t", "1".repeat(length)), START.at(offset), Instant.EPOCH);
    }

    private static long weight(Deque<Event> events) {
        return events.stream().mapToLong(Event::weight).sum();
    }

    private static String held(RecentEvents recent, long through) {
        return LongStream.rangeClosed(0, through)
                .filter(offset -> recent.at(offset).isPresent())
                .boxed()
                .toList()
                .toString();
    }

    private static String onwards(RecentEvents recent, long after, long through, int limit) {
        PageBuilder page = new PageBuilder(Journaling.topics("**"), event -> true, limit);
        String whole = text(recent.offer(page, after, through));
        return Journaling.offsets(page.page(START, through, true, 0).events()) + whole;
    }

    private static String backwards(RecentEvents recent, long from, int limit) {
        PageBuilder page = new PageBuilder(Journaling.topics("**"), event -> true, limit);
        String whole = text(recent.offerBackwards(page, from));
        return Journaling.offsets(page.page(START, from, true, 0).events()) + whole;
    }

    private static String text(Optional<Boolean> whole) {
        return whole.map(all -> all ? " whole" : " cut").orElse(" missing");
    }
}
