package io.tidegate.proxy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BulkheadTest {

    private final List<String> entered = new ArrayList<>();

    @Test
    void asManyEnterAsThereArePlaces() {
        Bulkhead gate = new Bulkhead(3, 0);
        assertEquals(3, free(gate));
        assertFalse(gate.enter());
        gate.leave();
        assertEquals(1, free(gate));
        gate.leave();
        gate.leave();
        gate.leave();
        assertEquals(3, free(gate));
    }

    @Test
    void asManyWaitAsMay() {
        Bulkhead gate = full(1, 2);
        assertTrue(gate.queue(named("a")));
        assertTrue(gate.queue(named("b")));
        assertFalse(gate.queue(named("c")));
        gate.leave();
        assertTrue(gate.queue(named("d")));
        assertFalse(gate.queue(named("e")));
        leave(gate, 3);
        assertEquals(List.of("a", "b", "d"), entered);
        assertEquals(1, free(gate));
    }

    @Test
    void nobodyWaitsWhereNobodyMay() {
        Bulkhead gate = full(1, 0);
        assertFalse(gate.queue(named("a")));
        gate.leave();
        assertEquals(List.of(), entered);
        assertEquals(1, free(gate));
    }

    @Test
    void aPlaceGoesToWhoeverWaitsLongestAndToNobodyElse() {
        Bulkhead gate = full(2, 5);
        gate.queue(() -> {
            assertFalse(gate.enter());
            entered.add("a");
        });
        gate.queue(named("b"));
        gate.leave();
        assertEquals(List.of("a"), entered);
        assertFalse(gate.enter());
        leave(gate, 1);
        assertEquals(List.of("a", "b"), entered);
        assertFalse(gate.enter());
        leave(gate, 2);
        assertEquals(2, free(gate));
    }

    @Test
    void whoLeavesAsSoonAsItEntersHandsThePlaceOn() {
        Bulkhead gate = full(1, 5);
        for (String name : List.of("a", "b", "c")) {
            gate.queue(() -> {
                entered.add(name);
                gate.leave();
            });
        }
        gate.leave();
        assertEquals(List.of("a", "b", "c"), entered);
        assertEquals(1, free(gate));
    }

    @Test
    void whoWithdrawsIsPassedOverAndAnotherMayWait() {
        Bulkhead gate = full(1, 3);
        Runnable b = named("b");
        gate.queue(named("a"));
        gate.queue(b);
        gate.queue(named("c"));
        gate.withdraw(b);
        assertTrue(gate.queue(named("d")));
        assertFalse(gate.queue(named("e")));
        leave(gate, 4);
        assertEquals(List.of("a", "c", "d"), entered);
        assertEquals(1, free(gate));
    }

    @Test
    void whoDoesNotWaitMayWithdrawWithoutAnyEffect() {
        Bulkhead gate = full(2, 2);
        Runnable a = named("a");
        gate.withdraw(a);
        gate.queue(a);
        gate.leave();
        gate.withdraw(a);
        assertFalse(gate.enter());
        leave(gate, 2);
        assertEquals(List.of("a"), entered);
        assertEquals(2, free(gate));
    }

    /** Requests that come, wait, give up and end as a seeded random decides. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
    void noPlaceIsLostAndNoneIsGivenTwice(int seed) {
        SplittableRandom random = new SplittableRandom(seed);
        int places = random.nextInt(1, 5);
        int waiting = random.nextInt(4);
        Bulkhead gate = new Bulkhead(places, waiting);
        Deque<Runnable> queue = new ArrayDeque<>();
        int[] inside = {0};
        for (int step = 0; step < 5_000; step++) {
            int choice = random.nextInt(4);
            if (choice < 2) {
                boolean enters = gate.enter();
                assertEquals(inside[0] < places, enters);
                inside[0] += enters ? 1 : 0;
                if (!enters) {
                    Runnable waits = new Runnable() {
                        @Override
                        public void run() {
                            assertEquals(queue.poll(), this);
                            inside[0]++;
                        }
                    };
                    assertEquals(queue.size() < waiting, gate.queue(waits));
                    if (queue.size() < waiting) {
                        queue.add(waits);
                    }
                }
            } else if (choice == 2 && inside[0] > 0) {
                inside[0]--;
                gate.leave();
                assertTrue(queue.isEmpty() || inside[0] == places);
            } else if (choice == 3 && !queue.isEmpty()) {
                gate.withdraw(random.nextBoolean() ? queue.removeFirst() : queue.removeLast());
            }
        }
    }

    private Runnable named(String name) {
        return () -> entered.add(name);
    }

    private static Bulkhead full(int places, int waiting) {
        Bulkhead gate = new Bulkhead(places, waiting);
        assertEquals(places, free(gate));
        return gate;
    }

    /** Takes the places that are free and says how many they were. */
    private static int free(Bulkhead gate) {
        int free = 0;
        while (gate.enter()) {
            free++;
        }
        return free;
    }

    private static void leave(Bulkhead gate, int times) {
        for (int i = 0; i < times; i++) {
            gate.leave();
        }
    }
}
