package io.tidegate.ops;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidegate.problem.Code;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class MetricsTest {

    private final Metrics metrics = new Metrics(new Metrics.Labels(
            Set.of("sessions", "items", "other"),
            Set.of("client", "lag"),
            Set.of("continued", "gap", "fresh"),
            Set.of("passed"),
            Set.of("node")));

    @AfterEach
    void close() {
        metrics.close();
    }

    @Test
    void thePromisedNamesAreThereFromTheStartAndSpelledSo() {
        Map<String, String> types = types();
        assertEquals("gauge", types.get("sse_active_connections"));
        assertEquals("counter", types.get("sse_messages_transmitted_total"));
        assertEquals("counter", types.get("sse_connection_errors_total"));
        assertEquals("counter", types.get("sse_reconnection_attempts_total"));
        assertEquals("histogram", types.get("publish_acknowledge_seconds"));
        assertEquals("histogram", types.get("publish_to_flush_seconds"));
        assertFalse(metrics.scrape().contains("_total_total"));
        assertEquals(0, value("sse_messages_transmitted_total"));
        assertEquals(0, value("sse_active_connections{kind=\"items\"}"));
    }

    @Test
    void openStreamsAreCountedByKindAndClosedOnesByReasonToo() {
        metrics.streamOpened("sessions");
        metrics.streamOpened("sessions");
        metrics.streamOpened("items");
        metrics.streamClosed("sessions", "lag");
        assertEquals(1, value("sse_active_connections{kind=\"sessions\"}"));
        assertEquals(1, value("sse_active_connections{kind=\"items\"}"));
        assertEquals(1, value("sse_streams_closed_total{kind=\"sessions\",reason=\"lag\"}"));
        assertEquals(0, value("sse_streams_closed_total{kind=\"sessions\",reason=\"client\"}"));
        assertEquals(2, metrics.openStreams());
    }

    @Test
    void whatIsInNoSetIsCountedAsOther() {
        metrics.streamOpened("x\"} 1\nevil{a=\"");
        metrics.resumed("perhaps");
        metrics.streamClosed("unheard", "of");
        assertEquals(0, value("sse_active_connections{kind=\"other\"}"));
        assertEquals(1, value("sse_streams_closed_total{kind=\"other\",reason=\"other\"}"));
        assertEquals(1, value("sse_resumes_total{status=\"other\"}"));
        assertFalse(metrics.scrape().contains("evil"));
    }

    @Test
    void everyOtherCountLandsUnderItsOwnName() {
        metrics.messagesTransmitted(40);
        metrics.messagesTransmitted(2);
        metrics.connectionError("items");
        metrics.reconnectionAttempted("sessions");
        metrics.resumed("gap");
        metrics.published("items", 3);
        metrics.problem(Code.STREAM_LIMIT);
        assertEquals(42, value("sse_messages_transmitted_total"));
        assertEquals(1, value("sse_connection_errors_total{kind=\"items\"}"));
        assertEquals(1, value("sse_reconnection_attempts_total{kind=\"sessions\"}"));
        assertEquals(1, value("sse_resumes_total{status=\"gap\"}"));
        assertEquals(3, value("publish_events_total{kind=\"items\"}"));
        assertEquals(1, value("problems_total{code=\"stream-limit\"}"));
    }

    @Test
    void timesFallIntoBucketsFromATenthOfAMillisecondToTenSeconds() {
        metrics.publishAcknowledged(90_000);
        metrics.publishAcknowledged(3_000_000);
        metrics.flushed(7_000_000_000L);
        metrics.flushed(60_000_000_000L);
        assertEquals(1, value("publish_acknowledge_seconds_bucket{le=\"1.0E-4\"}"));
        assertEquals(1, value("publish_acknowledge_seconds_bucket{le=\"0.0025\"}"));
        assertEquals(2, value("publish_acknowledge_seconds_bucket{le=\"0.005\"}"));
        assertEquals(2, value("publish_acknowledge_seconds_count"));
        assertEquals(0.00309, value("publish_acknowledge_seconds_sum"), 1e-9);
        assertEquals(0, value("publish_to_flush_seconds_bucket{le=\"5.0\"}"));
        assertEquals(1, value("publish_to_flush_seconds_bucket{le=\"10.0\"}"));
        assertEquals(2, value("publish_to_flush_seconds_bucket{le=\"+Inf\"}"));
    }

    @Test
    void theProcessTellsOfItself() {
        Set<String> names = types().keySet();
        for (String name : List.of(
                "jvm_memory_used_bytes",
                "jvm_gc_memory_allocated_bytes_total",
                "jvm_threads_live_threads",
                "process_uptime_seconds",
                "process_files_open_files")) {
            assertTrue(names.contains(name), name);
        }
    }

    @Test
    void nothingIsLostWhenManyThreadsCount() throws InterruptedException {
        CountDownLatch start = new CountDownLatch(1);
        List<Thread> threads = IntStream.range(0, 4)
                .mapToObj(n -> new Thread(() -> {
                    awaitQuietly(start);
                    for (int i = 0; i < 10_000; i++) {
                        metrics.streamOpened("items");
                        metrics.messagesTransmitted(1);
                        metrics.streamClosed("items", "client");
                    }
                }))
                .toList();
        threads.forEach(Thread::start);
        start.countDown();
        for (Thread thread : threads) {
            thread.join();
        }
        assertEquals(40_000, value("sse_messages_transmitted_total"));
        assertEquals(40_000, value("sse_streams_closed_total{kind=\"items\",reason=\"client\"}"));
        assertEquals(0, metrics.openStreams());
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Map<String, String> types() {
        return metrics.scrape()
                .lines()
                .filter(line -> line.startsWith("# TYPE "))
                .map(line -> line.split(" ", -1))
                .collect(Collectors.toMap(words -> words[2], words -> words[3]));
    }

    private double value(String series) {
        List<String> found = metrics.scrape()
                .lines()
                .filter(line -> line.startsWith(series + " "))
                .toList();
        assertEquals(1, found.size(), series);
        return Double.parseDouble(found.get(0).substring(series.length() + 1));
    }
}
