package io.tidegate.ops;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.micrometer.core.instrument.MeterRegistry;
import io.tidegate.adapter.grip.HeldClientCount;
import io.tidegate.delivery.hub.HubListener;
import io.tidegate.delivery.sse.OpenStreamCount;
import io.tidegate.http.ClientMetrics;
import io.tidegate.meter.Latency;
import io.tidegate.problem.Code;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Tests the scrape format of the gateway's meters. */
class MetricsTest {

    private final Metrics metrics = new Metrics();
    private final MeterRegistry registry = metrics.registry();

    @AfterEach
    void close() {
        metrics.close();
    }

    @Test
    void thePromisedNamesAreThereFromTheStartAndSpelledSo() {
        ClientMetrics.register(registry, new OpenStreamCount(), new HeldClientCount());
        Map<String, String> types = types();
        assertEquals("gauge", types.get("sse_active_connections"));
        assertEquals("counter", types.get("sse_messages_transmitted_total"));
        assertEquals("counter", types.get("sse_connection_errors_total"));
        assertEquals("counter", types.get("sse_reconnection_attempts_total"));
        assertEquals("histogram", types.get("publish_to_flush_seconds"));
        assertFalse(metrics.scrape().contains("_total_total"));
        assertEquals(0, value("sse_messages_transmitted_total"));
        assertEquals(0, value("sse_active_connections{kind=\"items\"}"));
    }

    @Test
    void aProblemIsCountedUnderItsCode() {
        ClientMetrics.register(registry, new OpenStreamCount(), new HeldClientCount())
                .problems()
                .count(Code.STREAM_LIMIT);
        assertEquals(1, value("problems_total{code=\"stream-limit\"}"));
        assertEquals(0, value("problems_total{code=\"internal\"}"));
    }

    @Test
    void timesFallIntoBucketsFromATenthOfAMillisecondToTenSeconds() {
        var acknowledge = Latency.histogram(registry, "publish.acknowledge", "From a request to its acknowledgement");
        acknowledge.record(90_000, TimeUnit.NANOSECONDS);
        acknowledge.record(3_000_000, TimeUnit.NANOSECONDS);
        HubListener flush = HubListener.recording(registry);
        flush.delivered(7_000_000_000L);
        flush.delivered(60_000_000_000L);
        assertEquals("histogram", types().get("publish_acknowledge_seconds"));
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
