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
    void asManyAcquireAsThereArePermits() {
        Bulkhead bulkhead = new Bulkhead(3, 0);
        assertEquals(3, free(bulkhead));
        assertFalse(bulkhead.tryAcquire());
        bulkhead.release();
        assertEquals(1, free(bulkhead));
        bulkhead.release();
        bulkhead.release();
        bulkhead.release();
        assertEquals(3, free(bulkhead));
    }

    @Test
    void theQueueIsBounded() {
        Bulkhead bulkhead = full(1, 2);
        assertTrue(bulkhead.enqueue(named("a")));
        assertTrue(bulkhead.enqueue(named("b")));
        assertFalse(bulkhead.enqueue(named("c")));
        bulkhead.release();
        assertTrue(bulkhead.enqueue(named("d")));
        assertFalse(bulkhead.enqueue(named("e")));
        leave(bulkhead, 3);
        assertEquals(List.of("a", "b", "d"), entered);
        assertEquals(1, free(bulkhead));
    }

    @Test
    void withoutAQueueEveryoneBeyondThePermitsIsRefused() {
        Bulkhead bulkhead = full(1, 0);
        assertFalse(bulkhead.enqueue(named("a")));
        bulkhead.release();
        assertEquals(List.of(), entered);
        assertEquals(1, free(bulkhead));
    }

    @Test
    void aReleasedPermitGoesToTheLongestWaiting() {
        Bulkhead bulkhead = full(2, 5);
        bulkhead.enqueue(() -> {
            assertFalse(bulkhead.tryAcquire());
            entered.add("a");
        });
        bulkhead.enqueue(named("b"));
        bulkhead.release();
        assertEquals(List.of("a"), entered);
        assertFalse(bulkhead.tryAcquire());
        leave(bulkhead, 1);
        assertEquals(List.of("a", "b"), entered);
        assertFalse(bulkhead.tryAcquire());
        leave(bulkhead, 2);
        assertEquals(2, free(bulkhead));
    }

    @Test
    void whoLeavesAsSoonAsItEntersHandsThePlaceOn() {
        Bulkhead bulkhead = full(1, 5);
        for (String name : List.of("a", "b", "c")) {
            bulkhead.enqueue(() -> {
                entered.add(name);
                bulkhead.release();
            });
        }
        bulkhead.release();
        assertEquals(List.of("a", "b", "c"), entered);
        assertEquals(1, free(bulkhead));
    }

    @Test
    void whoWithdrawsIsPassedOverAndAnotherMayWait() {
        Bulkhead bulkhead = full(1, 3);
        Runnable b = named("b");
        bulkhead.enqueue(named("a"));
        bulkhead.enqueue(b);
        bulkhead.enqueue(named("c"));
        bulkhead.withdraw(b);
        assertTrue(bulkhead.enqueue(named("d")));
        assertFalse(bulkhead.enqueue(named("e")));
        leave(bulkhead, 4);
        assertEquals(List.of("a", "c", "d"), entered);
        assertEquals(1, free(bulkhead));
    }

    @Test
    void whoDoesNotWaitMayWithdrawWithoutAnyEffect() {
        Bulkhead bulkhead = full(2, 2);
        Runnable a = named("a");
        bulkhead.withdraw(a);
        bulkhead.enqueue(a);
        bulkhead.release();
        bulkhead.withdraw(a);
        assertFalse(bulkhead.tryAcquire());
        leave(bulkhead, 2);
        assertEquals(List.of("a"), entered);
        assertEquals(2, free(bulkhead));
    }

    /** A seeded random generator decides when requests arrive, wait, give up and end. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
    void noPlaceIsLostAndNoneIsGivenTwice(int seed) {
        SplittableRandom random = new SplittableRandom(seed);
        int places = random.nextInt(1, 5);
        int waiting = random.nextInt(4);
        Bulkhead bulkhead = new Bulkhead(places, waiting);
        Deque<Runnable> queue = new ArrayDeque<>();
        int[] inside = {0};
        for (int step = 0; step < 5_000; step++) {
            int choice = random.nextInt(4);
            if (choice < 2) {
                boolean enters = bulkhead.tryAcquire();
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
                    assertEquals(queue.size() < waiting, bulkhead.enqueue(waits));
                    if (queue.size() < waiting) {
                        queue.add(waits);
                    }
                }
            } else if (choice == 2 && inside[0] > 0) {
                inside[0]--;
                bulkhead.release();
                assertTrue(queue.isEmpty() || inside[0] == places);
            } else if (choice == 3 && !queue.isEmpty()) {
                bulkhead.withdraw(random.nextBoolean() ? queue.removeFirst() : queue.removeLast());
            }
        }
    }

    private Runnable named(String name) {
        return () -> entered.add(name);
    }

    private static Bulkhead full(int places, int waiting) {
        Bulkhead bulkhead = new Bulkhead(places, waiting);
        assertEquals(places, free(bulkhead));
        return bulkhead;
    }

    /** Acquires all free permits and returns their number. */
    private static int free(Bulkhead bulkhead) {
        int free = 0;
        while (bulkhead.tryAcquire()) {
            free++;
        }
        return free;
    }

    private static void leave(Bulkhead bulkhead, int times) {
        for (int i = 0; i < times; i++) {
            bulkhead.release();
        }
    }
}
