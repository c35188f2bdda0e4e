package io.tidegate.journal.retention;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidegate.fixture.Fuzz;
import java.time.Duration;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class TrimScanTest {

    private static final long NOW = 1_000_000;
    private static final Duration AGE = Duration.ofSeconds(1);
    private static final Retention PLENTY = keep(1_000, 1_000_000);

    /** The properties of an event that a scan sees. */
    private record Held(long offset, long millis, long weight) {}

    @Test
    void aScanThatWasOfferedNothingTakesNothing() {
        RetainedRange extent = new RetainedRange(5, 500, 2, 3, 9, NOW);
        TrimScan scan = new TrimScan(extent, keep(1, 1), NOW);
        assertTrue(scan.isEmpty());
        assertEquals(0, scan.events());
        assertEquals(0, scan.through());
        assertEquals(extent, scan.remaining());
    }

    @Test
    void whatMeetsEveryBoundExactlyStays() {
        List<Held> held = List.of(new Held(3, NOW - 1_000, 60), new Held(7, NOW, 40));
        TrimScan scan = scan(held, keep(2, 100));
        assertFalse(scan.offer(3, NOW - 1_000, 60));
        assertTrue(scan.isEmpty());
    }

    @Test
    void asManyGoAsThereAreTooMany() {
        List<Held> held = List.of(new Held(3, NOW, 10), new Held(5, NOW, 20), new Held(9, NOW, 30));
        TrimScan scan = scan(held, keep(1, 1_000));
        assertTrue(scan.offer(3, NOW, 10));
        assertEquals(3, scan.through());
        assertTrue(scan.offer(5, NOW, 20));
        assertFalse(scan.offer(9, NOW, 30));
        assertEquals(2, scan.events());
        assertEquals(5, scan.through());
        assertEquals(new RetainedRange(1, 30, 5, 3, 9, NOW), scan.remaining());
    }

    @Test
    void asManyGoAsAreTooHeavyTogether() {
        List<Held> held = List.of(new Held(1, NOW, 10), new Held(2, NOW, 500), new Held(3, NOW, 40));
        assertEquals(0, took(held, keep(10, 550)));
        assertEquals(1, took(held, keep(10, 549)));
        assertEquals(1, took(held, keep(10, 540)));
        assertEquals(2, took(held, keep(10, 539)));
        assertEquals(2, took(held, keep(10, 40)));
        assertEquals(3, took(held, keep(10, 39)));
    }

    @Test
    void whatIsOlderThanTheAgeGoes() {
        List<Held> held =
                List.of(new Held(1, NOW - 5_000, 1), new Held(2, NOW - 1_001, 1), new Held(3, NOW - 1_000, 1));
        assertEquals(2, took(held, PLENTY));
    }

    @Test
    void everythingGoesWhenAllOfItIsTooOldAndTheMarkIsThatOfTheLast() {
        List<Held> held = List.of(new Held(4, 1, 10), new Held(6, 2, 20));
        TrimScan scan = scan(held, PLENTY);
        held.forEach(event -> assertTrue(scan.offer(event.offset(), event.millis(), event.weight())));
        assertEquals(6, scan.through());
        assertEquals(0, scan.remaining().events());
        assertEquals(0, scan.remaining().weight());
        assertEquals(6, scan.remaining().floor());
        assertEquals(6, scan.remaining().last());
    }

    @Test
    void theMarkIsNeverLowered() {
        TrimScan scan = new TrimScan(new RetainedRange(2, 20, 50, 51, 60, NOW), keep(1, 1_000), NOW);
        assertEquals(50, scan.remaining().floor());
        assertTrue(scan.offer(55, NOW, 10));
        assertEquals(55, scan.remaining().floor());
    }

    @Fuzz
    void noMoreGoThanTheBoundsDemand(
            @ForAll @Size(max = 12) List<@IntRange(max = 2_000) Integer> ages,
            @ForAll @IntRange(min = 1, max = 10) int events,
            @ForAll @IntRange(min = 1, max = 3_000) int bytes) {
        Held[] held = new Held[ages.size()];
        for (int i = 0; i < held.length; i++) {
            held[i] = new Held(2L * i + 1, NOW - ages.get(i), 100L + ages.get(i) % 7 * 50L);
        }
        assertEquals(leastThatGoes(List.of(held), events, bytes), took(List.of(held), keep(events, bytes)));
    }

    private static int leastThatGoes(List<Held> held, int events, int bytes) {
        for (int gone = 0; gone < held.size(); gone++) {
            List<Held> rest = held.subList(gone, held.size());
            long weight = rest.stream().mapToLong(Held::weight).sum();
            boolean old = Duration.ofMillis(NOW - rest.get(0).millis()).compareTo(AGE) > 0;
            if (rest.size() <= events && weight <= bytes && !old) {
                return gone;
            }
        }
        return held.size();
    }

    private static long took(List<Held> held, Retention keep) {
        TrimScan scan = scan(held, keep);
        long gone = 0;
        long weight = 0;
        for (Held event : held) {
            if (!scan.offer(event.offset(), event.millis(), event.weight())) {
                break;
            }
            gone++;
            weight += event.weight();
            assertEquals(event.offset(), scan.through());
        }
        assertEquals(gone, scan.events());
        assertEquals(gone == 0, scan.isEmpty());
        assertEquals(extent(held).events() - gone, scan.remaining().events());
        assertEquals(extent(held).weight() - weight, scan.remaining().weight());
        return gone;
    }

    private static TrimScan scan(List<Held> held, Retention keep) {
        return new TrimScan(extent(held), keep, NOW);
    }

    private static RetainedRange extent(List<Held> held) {
        if (held.isEmpty()) {
            return RetainedRange.empty(0);
        }
        long weight = held.stream().mapToLong(Held::weight).sum();
        Held newest = held.get(held.size() - 1);
        return new RetainedRange(held.size(), weight, 0, held.get(0).offset(), newest.offset(), newest.millis());
    }

    private static Retention keep(long events, long bytes) {
        return new Retention(events, AGE, bytes, 10, 1 << 24);
    }
}
