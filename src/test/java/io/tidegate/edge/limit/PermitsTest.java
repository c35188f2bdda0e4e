package io.tidegate.edge.limit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tidegate.meter.TakenCounts;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PermitsTest {

    private static final Rate ANY = new Rate(1, 1);

    private final MeterRegistry registry = new SimpleMeterRegistry();
    private final LimitMetrics metrics = new LimitMetrics(registry);
    private final TakenCounts refused = new TakenCounts(registry, "limit.streams.refused", "limit");
    private final Permits permits = new Permits(new StreamLimits(5, 3, 4, ANY), metrics);

    @Test
    void eachCapRefusesWhatIsBeyondItAndNothingElse() {
        assertEquals(3, taken(permits, "ada", "a", 4).size());
        assertEquals(Map.of("subject", 1), refused.all());
        assertEquals(1, taken(permits, "grace", "a", 2).size());
        assertEquals(Map.of("subject", 1, "address", 1), refused.all());
        assertEquals(1, taken(permits, "grace", "b", 2).size());
        assertEquals(Map.of("subject", 1, "address", 1, "node", 1), refused.all());
        assertEquals(5, permits.inUse());
    }

    @Test
    void allWhoHaveNoTokenAreNotOneSubject() {
        assertEquals(4, taken(permits, "", "a", 5).size());
        assertEquals(Map.of("address", 1), refused.all());
        assertEquals(1, taken(permits, "", "b", 5).size());
        assertEquals(5, permits.inUse());
    }

    @Test
    void whatIsReleasedCanBeTakenOnceAndOnlyOnce() {
        List<Permit> held = taken(permits, "ada", "a", 3);
        held.get(0).release();
        held.get(0).release();
        assertEquals(2, permits.inUse());
        assertEquals(1, taken(permits, "ada", "a", 2).size());
    }

    @Test
    void nothingIsKeptOfWhoHasLeft() {
        IntStream.range(0, 1000)
                .forEach(i -> taken(permits, "subject " + i, "address " + i, 1).forEach(Permit::release));
        assertEquals(0, permits.inUse());
        assertEquals(0, permits.names());
    }

    @Test
    void aLowerCapEndsNothingAndLetsNobodyInBeforeItHasRoom() {
        List<Permit> held = taken(permits, "ada", "a", 3);
        permits.reconfigure(new StreamLimits(2, 2, 2, ANY));
        assertEquals(3, permits.inUse());
        held.get(0).release();
        assertTrue(permits.tryAcquire("grace", "b").isEmpty());
        held.get(1).release();
        assertTrue(permits.tryAcquire("grace", "b").isPresent());
    }

    @Test
    void howManyAreHeldAndHowManyThereAreCanBeSeen() {
        metrics.register(permits);
        taken(permits, "ada", "a", 2);
        assertEquals(2, registry.get("limit.stream.permits").gauge().value());
        assertEquals(5, registry.get("limit.stream.permits.all").gauge().value());
    }

    @Test
    void numbersGrow() {
        List<Long> numbers =
                taken(permits, "ada", "a", 3).stream().map(Permit::number).toList();
        assertEquals(List.of(1L, 2L, 3L), numbers);
    }

    @Test
    void noRaceGivesOneMoreOrOneLess() throws Exception {
        Permits shared = new Permits(new StreamLimits(1000, 700, 1000, ANY), metrics);
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            for (int round = 0; round < 20; round++) {
                List<Callable<List<Permit>>> takers = IntStream.range(0, 8)
                        .<Callable<List<Permit>>>mapToObj(
                                n -> () -> taken(shared, n % 2 == 0 ? "even" : "odd", "a", 500))
                        .toList();
                List<Permit> held = new ArrayList<>();
                for (Future<List<Permit>> taker : threads.invokeAll(takers, 60, TimeUnit.SECONDS)) {
                    held.addAll(taker.get());
                }
                assertEquals(1000, held.size());
                assertEquals(1000, shared.inUse());
                threads.invokeAll(held.stream()
                        .<Callable<Boolean>>map(permit -> () -> {
                            permit.release();
                            return true;
                        })
                        .toList());
                assertEquals(0, shared.inUse());
            }
        } finally {
            threads.shutdownNow();
        }
    }

    private static List<Permit> taken(Permits permits, String subject, String address, int times) {
        return IntStream.range(0, times)
                .mapToObj(i -> permits.tryAcquire(subject, address))
                .flatMap(Optional::stream)
                .toList();
    }
}
