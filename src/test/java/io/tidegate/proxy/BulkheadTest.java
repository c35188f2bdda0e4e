package io.tidegate.proxy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidegate.proxy.origin.ClientKey;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BulkheadTest {

    private static final ClientKey PROXY = new ClientKey("127.0.0.1", true);

    private final List<String> entered = new ArrayList<>();

    @Test
    void asManyAcquireAsThereArePermits() {
        Bulkhead bulkhead = new Bulkhead(3, 0, new AtomicInteger());
        assertEquals(3, free(bulkhead));
        assertFalse(bulkhead.tryAcquire(PROXY));
        bulkhead.release(PROXY);
        assertEquals(1, free(bulkhead));
        bulkhead.release(PROXY);
        bulkhead.release(PROXY);
        bulkhead.release(PROXY);
        assertEquals(3, free(bulkhead));
    }

    @Test
    void theQueueIsBounded() {
        Bulkhead bulkhead = full(1, 2);
        assertTrue(bulkhead.enqueue(PROXY, named("a")));
        assertTrue(bulkhead.enqueue(PROXY, named("b")));
        assertFalse(bulkhead.enqueue(PROXY, named("c")));
        bulkhead.release(PROXY);
        assertTrue(bulkhead.enqueue(PROXY, named("d")));
        assertFalse(bulkhead.enqueue(PROXY, named("e")));
        leave(bulkhead, 3);
        assertEquals(List.of("a", "b", "d"), entered);
        assertEquals(1, free(bulkhead));
    }

    @Test
    void withoutAQueueEveryoneBeyondThePermitsIsRefused() {
        Bulkhead bulkhead = full(1, 0);
        assertFalse(bulkhead.enqueue(PROXY, named("a")));
        bulkhead.release(PROXY);
        assertEquals(List.of(), entered);
        assertEquals(1, free(bulkhead));
    }

    @Test
    void aReleasedPermitGoesToTheLongestWaiting() {
        Bulkhead bulkhead = full(2, 5);
        bulkhead.enqueue(PROXY, () -> {
            assertFalse(bulkhead.tryAcquire(PROXY));
            entered.add("a");
        });
        bulkhead.enqueue(PROXY, named("b"));
        bulkhead.release(PROXY);
        assertEquals(List.of("a"), entered);
        assertFalse(bulkhead.tryAcquire(PROXY));
        leave(bulkhead, 1);
        assertEquals(List.of("a", "b"), entered);
        assertFalse(bulkhead.tryAcquire(PROXY));
        leave(bulkhead, 2);
        assertEquals(2, free(bulkhead));
    }

    @Test
    void whoLeavesAsSoonAsItEntersHandsThePlaceOn() {
        Bulkhead bulkhead = full(1, 5);
        for (String name : List.of("a", "b", "c")) {
            bulkhead.enqueue(PROXY, () -> {
                entered.add(name);
                bulkhead.release(PROXY);
            });
        }
        bulkhead.release(PROXY);
        assertEquals(List.of("a", "b", "c"), entered);
        assertEquals(1, free(bulkhead));
    }

    @Test
    void whoWithdrawsIsPassedOverAndAnotherMayWait() {
        Bulkhead bulkhead = full(1, 3);
        Runnable b = named("b");
        bulkhead.enqueue(PROXY, named("a"));
        bulkhead.enqueue(PROXY, b);
        bulkhead.enqueue(PROXY, named("c"));
        bulkhead.withdraw(b);
        assertTrue(bulkhead.enqueue(PROXY, named("d")));
        assertFalse(bulkhead.enqueue(PROXY, named("e")));
        leave(bulkhead, 4);
        assertEquals(List.of("a", "c", "d"), entered);
        assertEquals(1, free(bulkhead));
    }

    @Test
    void whoDoesNotWaitMayWithdrawWithoutAnyEffect() {
        Bulkhead bulkhead = full(2, 2);
        Runnable a = named("a");
        bulkhead.withdraw(a);
        bulkhead.enqueue(PROXY, a);
        bulkhead.release(PROXY);
        bulkhead.withdraw(a);
        assertFalse(bulkhead.tryAcquire(PROXY));
        leave(bulkhead, 2);
        assertEquals(List.of("a"), entered);
        assertEquals(2, free(bulkhead));
    }

    @Test
    void oneClientLeavesPermitsForTheNextOnes() {
        Bulkhead bulkhead = new Bulkhead(100, 0, new AtomicInteger());
        assertEquals(51, taken(bulkhead, "greedy"));
        assertEquals(25, taken(bulkhead, "another"));
        assertEquals(13, taken(bulkhead, "third"));
        for (int i = 0; i < 11; i++) {
            assertTrue(bulkhead.tryAcquire(client("one of many " + i)));
        }
        assertFalse(bulkhead.tryAcquire(client("late")));
    }

    @Test
    void oneClientLeavesPlacesInTheQueueForTheNextOnes() {
        Bulkhead bulkhead = full(1, 10);
        int queued = 0;
        while (bulkhead.enqueue(client("greedy"), () -> {})) {
            queued++;
        }
        assertEquals(6, queued);
        assertTrue(bulkhead.enqueue(client("next"), () -> {}));
    }

    @Test
    void aReleasedPermitGoesToTheClientWithTheFewest() {
        AtomicInteger waiting = new AtomicInteger();
        Bulkhead bulkhead = new Bulkhead(3, 5, waiting);
        ClientKey many = client("many");
        assertEquals(2, taken(bulkhead, "many"));
        assertEquals(1, taken(bulkhead, "few"));
        bulkhead.enqueue(many, named("many"));
        bulkhead.enqueue(client("few"), named("few"));
        bulkhead.enqueue(client("none"), named("none"));
        bulkhead.enqueue(client("other"), named("other"));
        assertEquals(4, waiting.get());
        bulkhead.release(many);
        assertEquals(List.of("none"), entered);
        bulkhead.release(client("few"));
        assertEquals(List.of("none", "few"), entered);
        bulkhead.release(client("few"));
        assertEquals(List.of("none", "few", "other"), entered);
        bulkhead.release(many);
        assertEquals(List.of("none", "few", "other", "many"), entered);
        assertEquals(0, waiting.get());
    }

    @Test
    void aTrustedProxyHasNoShare() {
        Bulkhead bulkhead = new Bulkhead(100, 10, new AtomicInteger());
        assertEquals(100, free(bulkhead));
        for (int i = 0; i < 10; i++) {
            assertTrue(bulkhead.enqueue(PROXY, () -> {}));
        }
    }

    @Test
    void aClientWithItsShareWaitsUntilItReleasesAPermit() {
        Bulkhead bulkhead = new Bulkhead(5, 5, new AtomicInteger());
        ClientKey greedy = client("greedy");
        assertEquals(3, taken(bulkhead, "greedy"));
        bulkhead.enqueue(greedy, named("greedy"));
        assertEquals(List.of(), entered);
        bulkhead.release(greedy);
        assertEquals(List.of("greedy"), entered);
        assertTrue(bulkhead.tryAcquire(client("next")));
        assertEquals(3, bulkhead.inUse(greedy));
        assertEquals(4, bulkhead.inUse());
    }

    private static int taken(Bulkhead bulkhead, String name) {
        int taken = 0;
        while (bulkhead.tryAcquire(client(name))) {
            taken++;
        }
        return taken;
    }

    private static ClientKey client(String name) {
        return new ClientKey(name, false);
    }

    /** A seeded random generator decides when requests arrive, wait, give up and end. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
    void noPlaceIsLostAndNoneIsGivenTwice(int seed) {
        SplittableRandom random = new SplittableRandom(seed);
        int places = random.nextInt(1, 5);
        int waiting = random.nextInt(4);
        Bulkhead bulkhead = new Bulkhead(places, waiting, new AtomicInteger());
        Deque<Runnable> queue = new ArrayDeque<>();
        int[] inside = {0};
        for (int step = 0; step < 5_000; step++) {
            int choice = random.nextInt(4);
            if (choice < 2) {
                boolean enters = bulkhead.tryAcquire(PROXY);
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
                    assertEquals(queue.size() < waiting, bulkhead.enqueue(PROXY, waits));
                    if (queue.size() < waiting) {
                        queue.add(waits);
                    }
                }
            } else if (choice == 2 && inside[0] > 0) {
                inside[0]--;
                bulkhead.release(PROXY);
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
        Bulkhead bulkhead = new Bulkhead(places, waiting, new AtomicInteger());
        assertEquals(places, free(bulkhead));
        return bulkhead;
    }

    /** Acquires all free permits and returns their number. */
    private static int free(Bulkhead bulkhead) {
        int free = 0;
        while (bulkhead.tryAcquire(PROXY)) {
            free++;
        }
        return free;
    }

    private static void leave(Bulkhead bulkhead, int times) {
        for (int i = 0; i < times; i++) {
            bulkhead.release(PROXY);
        }
    }
}
