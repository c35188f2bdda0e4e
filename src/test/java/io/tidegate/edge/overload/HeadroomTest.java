package io.tidegate.edge.overload;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tidegate.ops.Metrics;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class HeadroomTest {

    private static final Optional<String> NO_SHARE = Optional.empty();

    private long descriptors;
    private long descriptorLimit = 1000;
    private long heap;
    private long heapNow;
    private int collections;
    private final AtomicLong now = new AtomicLong();
    private final MeterRegistry registry = new SimpleMeterRegistry();
    private final Headroom headroom = headroom(registry);

    @Test
    void fromTheMarkOnDescriptorsAreShortUntilClearlyBelow() {
        sample(899, 0);
        assertFalse(headroom.descriptorsShort());
        sample(900, 0);
        assertTrue(headroom.descriptorsShort());
        sample(860, 0);
        assertTrue(headroom.descriptorsShort());
        sample(854, 0);
        assertFalse(headroom.descriptorsShort());
    }

    @Test
    void connectionsBetweenTwoLooksCount() {
        sample(898, 0);
        assertTrue(headroom.connected(NO_SHARE));
        assertFalse(headroom.descriptorsShort());
        assertTrue(headroom.connected(NO_SHARE));
        assertTrue(headroom.descriptorsShort());
        for (int i = 0; i < 50; i++) {
            headroom.disconnected(NO_SHARE);
        }
        assertFalse(headroom.descriptorsShort());
    }

    @Test
    void theLastDescriptorsAreForTheNodeItself() {
        sample(979, 0);
        assertTrue(headroom.connected(NO_SHARE));
        assertFalse(headroom.connected(NO_SHARE));
        assertEquals(1, refused("node"));
        headroom.disconnected(NO_SHARE);
        headroom.disconnected(NO_SHARE);
        assertTrue(headroom.connected(NO_SHARE));
    }

    @Test
    void anAddressHasItsShareOfConnectionsAndOthersHaveTheirs() {
        headroom.reconfigure(new OverloadOptions(90, 80, 10, 25, 1000, 2, true));
        Optional<String> one = Optional.of("192.0.2.1");
        assertTrue(headroom.connected(one));
        assertTrue(headroom.connected(one));
        assertFalse(headroom.connected(one));
        headroom.disconnected(one);
        assertFalse(headroom.connected(one));
        assertEquals(2, refused("address"));
        assertTrue(headroom.connected(Optional.of("192.0.2.2")));
        headroom.disconnected(one);
        headroom.disconnected(one);
        assertTrue(headroom.connected(one));
    }

    @Test
    void anAddressGetsNoMoreThanAQuarterOfTheDescriptors() {
        Optional<String> one = Optional.of("192.0.2.1");
        descriptorLimit = 40;
        for (int i = 0; i < 10; i++) {
            assertTrue(headroom.connected(one));
        }
        assertFalse(headroom.connected(one));
        assertTrue(headroom.connected(Optional.of("192.0.2.2")));
        assertTrue(headroom.connected(NO_SHARE));
    }

    @Test
    void aLimitThatIsUnknownIsNone() {
        descriptorLimit = 0;
        sample(1_000_000, 0);
        assertFalse(headroom.descriptorsShort());
        assertTrue(headroom.connected(NO_SHARE));
    }

    @Test
    void theHeapIsShortWhileCollectionsLeaveItFull() {
        sample(0, 79);
        assertFalse(headroom.heapShort());
        sample(0, 80);
        assertTrue(headroom.heapShort());
        sample(0, 77);
        assertTrue(headroom.heapShort());
        sample(0, 75);
        assertFalse(headroom.heapShort());
    }

    @Test
    void aCollectionOfLongAgoIsNoLongerBelieved() {
        sample(0, 90);
        now.addAndGet(FreshReading.MAX_AGE.toNanos());
        sample(0, 90);
        assertTrue(headroom.heapShort());
        now.addAndGet(1);
        sample(0, 90);
        assertFalse(headroom.heapShort());
        sample(0, 91);
        assertTrue(headroom.heapShort());
    }

    @Test
    void bodiesShareTheirPartOfTheHeap() {
        assertTrue(headroom.reserve(60));
        assertFalse(headroom.reserve(41));
        assertTrue(headroom.reserve(40));
        assertFalse(headroom.reserve(1));
        headroom.release(60);
        assertTrue(headroom.reserve(60));
        assertEquals(100, headroom.bodies());
    }

    @Test
    void newMarksCountFromTheNextLook() {
        sample(500, 0);
        headroom.reconfigure(new OverloadOptions(50, 80, 100, 25, 1000, 1000, true));
        sample(500, 0);
        assertTrue(headroom.descriptorsShort());
        assertTrue(headroom.reserve(1000));
    }

    @Test
    void whatIsShortCanBeSeen() {
        try (Metrics metrics = new Metrics()) {
            Headroom seen = headroom(metrics.registry());
            descriptors = 985;
            heap = 10;
            seen.sample();
            seen.connected(NO_SHARE);
            seen.reserve(7);
            String text = metrics.scrape();
            assertTrue(text.contains("overload_active{resource=\"descriptors\"} 1.0"), text);
            assertTrue(text.contains("overload_active{resource=\"heap\"} 0.0"), text);
            assertTrue(text.contains("overload_bodies_bytes 7.0"), text);
            assertTrue(text.contains("overload_connections_refused_total{limit=\"node\"} 1.0"), text);
        }
    }

    @Test
    void theOldGenerationIsCollectedWhenItHasGrownMuch() {
        EarlyCollections early = new EarlyCollections(OverloadOptions.DEFAULTS, new Given(), now::get);
        heapNow = 2 << 20;
        early.sample();
        assertEquals(0, collections);
        heapNow++;
        early.sample();
        assertEquals(1, collections);
        // No collection is requested again immediately: a heap that grows this fast is left to the collector.
        now.addAndGet(Duration.ofSeconds(5).toNanos() - 1);
        early.sample();
        assertEquals(1, collections);
        now.incrementAndGet();
        early.sample();
        assertEquals(2, collections);
        // The larger the live set, the more the old generation may grow.
        now.addAndGet(Duration.ofSeconds(5).toNanos());
        heap = 40 << 20;
        heapNow = 50 << 20;
        early.sample();
        assertEquals(2, collections);
        heapNow++;
        early.sample();
        assertEquals(3, collections);
    }

    @Test
    void nothingIsCollectedEarlyWhereThatIsSwitchedOff() {
        EarlyCollections early =
                new EarlyCollections(new OverloadOptions(90, 80, 10, 25, 1000, 1000, false), new Given(), now::get);
        heapNow = 50 << 20;
        early.sample();
        assertEquals(0, collections);
        early.reconfigure(OverloadOptions.DEFAULTS);
        early.sample();
        assertEquals(1, collections);
    }

    @Test
    void thisMachineTellsWhatItHas() {
        SystemProbe probe = new JvmProbe();
        assertTrue(probe.descriptors() > 0);
        assertTrue(probe.descriptorLimit() > probe.descriptors());
        assertTrue(probe.heapLimit() > 0);
        probe.collect();
        assertTrue(probe.heap() > 0 && probe.heap() < probe.heapLimit());
        assertTrue(probe.heapNow() > 0 && probe.heapNow() < probe.heapLimit());
    }

    private Headroom headroom(MeterRegistry registry) {
        return new Headroom(
                new OverloadOptions(90, 80, 10, 25, 1000, 1000, true), registry, new Given(), now::get, 1000, 1000);
    }

    private double refused(String limit) {
        return registry.get("overload.connections.refused")
                .tag("limit", limit)
                .counter()
                .count();
    }

    private void sample(long open, long inUse) {
        descriptors = open;
        heap = inUse;
        headroom.sample();
    }

    private final class Given implements SystemProbe {
        @Override
        public long descriptors() {
            return descriptors;
        }

        @Override
        public long descriptorLimit() {
            return descriptorLimit;
        }

        @Override
        public long heap() {
            return heap;
        }

        @Override
        public long heapNow() {
            return heapNow;
        }

        @Override
        public long heapLimit() {
            return 100;
        }

        @Override
        public long buffers() {
            return 0;
        }

        @Override
        public void collect() {
            collections++;
        }
    }
}
