package io.tidegate.kind.deploy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidegate.kind.deploy.LogLine.Stream;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class LineQueueTest {

    private final AtomicInteger changes = new AtomicInteger();
    private final LineQueue queue = new LineQueue(Clock.systemUTC(), changes::incrementAndGet);

    @Test
    void linesAreNumberedInTheirOrder() {
        put("a");
        put("b");
        assertEquals(
                List.of(1L, 2L), queue.drain().stream().map(LogLine::number).toList());
        put("c");
        assertEquals(List.of(3L), queue.drain().stream().map(LogLine::number).toList());
    }

    @Test
    void onlyTheFirstOfThePileIsTold() {
        put("a");
        put("b");
        assertEquals(1, changes.get());
        queue.drain();
        put("c");
        assertEquals(2, changes.get());
    }

    @Test
    void itIsFullByCount() {
        while (!queue.full()) {
            put("x");
        }
        assertEquals(1024, queue.drain().size());
    }

    @Test
    void itIsFullByLength() {
        while (!queue.full()) {
            put("x".repeat(LineSplitter.MAX_BYTES));
        }
        assertEquals(32, queue.drain().size());
    }

    @Test
    void aReaderWaitsForRoomAndLosesNothing() throws Exception {
        int total = 5000;
        CompletableFuture<Void> reader = CompletableFuture.runAsync(() -> {
            for (int i = 0; i < total; i++) {
                put("line " + i);
            }
        });
        int seen = 0;
        while (seen < total) {
            List<LogLine> drained = queue.drain();
            assertTrue(drained.size() <= 1024);
            for (LogLine line : drained) {
                assertEquals("line " + seen++, line.text());
            }
        }
        reader.get(10, TimeUnit.SECONDS);
        assertEquals(List.of(), queue.drain());
    }

    @Test
    void closingLetsAWaitingReaderGo() throws Exception {
        while (!queue.full()) {
            put("x");
        }
        CompletableFuture<Void> reader = CompletableFuture.runAsync(() -> put("too late"));
        queue.close();
        reader.get(10, TimeUnit.SECONDS);
        assertFalse(queue.exhausted());
        assertEquals(1024, queue.drain().size());
        assertTrue(queue.exhausted());
    }

    private void put(String text) {
        queue.put(Stream.STDOUT, text, false);
    }
}
