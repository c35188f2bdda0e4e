package io.tidegate.delivery.sse;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tidegate.event.Kind;
import io.tidegate.journal.ResumeStatus;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class StreamMetricsTest {

    private final MeterRegistry registry = new SimpleMeterRegistry();
    private final OpenStreamCount open = new OpenStreamCount();
    private final StreamMetrics metrics = new StreamMetrics(registry, open);

    @Test
    void openStreamsAreCountedByKindAndClosedOnesByReasonToo() {
        metrics.opened(Kind.SESSIONS);
        metrics.opened(Kind.SESSIONS);
        metrics.opened(Kind.ITEMS);
        metrics.closed(Kind.SESSIONS, CloseReason.CLIENT);
        assertEquals(1, active("sessions"));
        assertEquals(1, active("items"));
        assertEquals(0, active("other"));
        assertEquals(1, counted("sse.streams.closed", "kind", "sessions", "reason", "client"));
        assertEquals(0, counted("sse.streams.closed", "kind", "sessions", "reason", "slow"));
        assertEquals(2, open.total());
    }

    @Test
    void aStreamOfSeveralKindsMayShowEveryKind() {
        assertFalse(open.anyMayShow(Kind.ITEMS));
        metrics.opened(Kind.SESSIONS);
        assertFalse(open.anyMayShow(Kind.ITEMS));
        assertTrue(open.anyMayShow(Kind.SESSIONS));
        metrics.opened(Kind.OTHER);
        assertTrue(open.anyMayShow(Kind.ITEMS));
        metrics.closed(Kind.OTHER, CloseReason.CLIENT);
        metrics.opened(Kind.ITEMS);
        assertTrue(open.anyMayShow(Kind.ITEMS));
        assertEquals(1, open.of(Kind.ITEMS));
    }

    @Test
    void aStreamThatIsSlowOrCannotReadTheJournalIsAnErrorToo() {
        for (CloseReason reason : CloseReason.values()) {
            metrics.closed(Kind.ITEMS, reason);
            assertEquals(1, counted("sse.streams.closed", "kind", "items", "reason", reason.text()));
        }
        assertEquals(2, counted("sse.connection.errors", "kind", "items"));
    }

    @Test
    void everyOtherCountLandsUnderItsOwnName() {
        metrics.transmitted(40);
        metrics.transmitted(2);
        metrics.resumed(Kind.SESSIONS, ResumeStatus.GAP);
        assertEquals(42, counted("sse.messages.transmitted"));
        assertEquals(1, counted("sse.reconnection.attempts", "kind", "sessions"));
        assertEquals(1, counted("sse.resumes", "status", "gap"));
        assertEquals(0, counted("sse.resumes", "status", "fresh"));
    }

    @Test
    void nothingIsLostWhenManyThreadsCount() throws InterruptedException {
        CountDownLatch start = new CountDownLatch(1);
        List<Thread> threads = IntStream.range(0, 4)
                .mapToObj(n -> new Thread(() -> {
                    awaitQuietly(start);
                    for (int i = 0; i < 10_000; i++) {
                        metrics.opened(Kind.ITEMS);
                        metrics.transmitted(1);
                        metrics.closed(Kind.ITEMS, CloseReason.CLIENT);
                    }
                }))
                .toList();
        threads.forEach(Thread::start);
        start.countDown();
        for (Thread thread : threads) {
            thread.join();
        }
        assertEquals(40_000, counted("sse.messages.transmitted"));
        assertEquals(40_000, counted("sse.streams.closed", "kind", "items", "reason", "client"));
        assertEquals(0, open.total());
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private double active(String kind) {
        return registry.get("sse.active.connections").tag("kind", kind).gauge().value();
    }

    private double counted(String name, String... tags) {
        return registry.get(name).tags(tags).counter().count();
    }
}
