package io.tidegate.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidegate.bench.BenchResult.Cost;
import io.tidegate.bench.BenchResult.Delivered;
import io.tidegate.bench.BenchResult.Opened;
import io.tidegate.bench.BenchResult.Published;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;

class ReportTest {

    private static final GeneratorSaturation EASY = new GeneratorSaturation(0.2, 1, 0, 1000);

    @Test
    void aHistogramHasARowForEachStepFromTheFirstValueToTheLast() {
        Histogram histogram = new Histogram(3);
        for (int i = 0; i < 100; i++) {
            histogram.recordValue(900);
        }
        for (int i = 0; i < 25; i++) {
            histogram.recordValue(4_000);
        }
        histogram.recordValue(45_000);
        assertEquals(
                List.of(
                        new Bars.Row(1, 100),
                        new Bars.Row(2, 0),
                        new Bars.Row(5, 25),
                        new Bars.Row(10, 0),
                        new Bars.Row(20, 0),
                        new Bars.Row(50, 1)),
                Bars.rows(histogram));
        List<String> lines = Bars.text(histogram).lines().toList();
        assertEquals("  to         1 ms  " + "#".repeat(40) + "          100", lines.get(0));
        assertEquals("  to         5 ms  " + "#".repeat(10) + " ".repeat(30) + "           25", lines.get(2));
        assertEquals("  to        50 ms  #" + " ".repeat(39) + "            1", lines.get(5));
        assertEquals("", Bars.text(new Histogram(3)));
    }

    @Test
    void theGeneratorSaysInWordsWhenItIsTheBottleneck() {
        assertEquals(List.of(), EASY.warnings());
        assertTrue(new GeneratorSaturation(0.97, 0, 0, 1)
                .warnings()
                .get(0)
                .startsWith("its busiest event loop used 97 % of a core"));
        assertTrue(new GeneratorSaturation(0, 25, 0, 1).warnings().get(0).contains("25.0 ms late"));
        assertTrue(new GeneratorSaturation(0, 0, 50, 1000)
                .warnings()
                .get(0)
                .startsWith("it published 50 of 1,000 events more than"));
        assertFalse(new GeneratorSaturation(0.5, 5, 9, 1000).bottleneck());

        String text = Report.text(result(0, new GeneratorSaturation(0.97, 25, 0, 1)));
        assertTrue(text.contains("THE GENERATOR WAS THE BOTTLENECK"), text);
        assertFalse(Report.text(result(0, EASY)).contains("BOTTLENECK"));
        JsonObject json =
                Report.json(result(0, new GeneratorSaturation(0.97, 25, 0, 1))).getJsonObject("generator");
        assertTrue(json.getBoolean("bottleneck"));
        assertEquals(2, json.getJsonArray("words").size());
    }

    @Test
    void theTextHasTheFiguresAndTheCost() {
        String text = Report.text(result(0, EASY));
        for (String part : List.of(
                "1,000 streams on 1 topic of http://gate.example; 1,000 events of 100 characters, 50 a second",
                "opened     in 0.50 s",
                "published  1,000 events in 20.00 s (50/s)",
                "delivered  1,000,000 of 1,000,000 in 20.00 s: 50,000/s, 150 bytes each",
                "p99.9",
                "5.81 µs of processor time for each delivery",
                "8.0 KiB for each stream")) {
            assertTrue(text.contains(part), part + " in " + text);
        }
    }

    @Test
    void jsonHasSettingsAndFiguresAndNoToken() {
        JsonObject json = Report.json(result(3, EASY));
        assertFalse(json.getBoolean("ok"));
        assertEquals(3, json.getJsonObject("delivered").getLong("lost"));
        assertEquals(1000, json.getJsonObject("settings").getInteger("streams"));
        assertEquals(5.81, json.getJsonObject("target").getDouble("cpuMicrosPerDelivery"));
        assertFalse(json.encode().contains("secret"));
    }

    private static BenchResult result(long lost, GeneratorSaturation saturation) {
        Histogram histogram = new Histogram(3);
        histogram.recordValue(4_000);
        Target target = Target.of(URI.create("http://gate.example"), Optional.of("secret"));
        return new BenchResult(
                BenchOptions.of(target, Load.DEFAULTS),
                new Opened(0.5, histogram),
                new Published(1000, 20, 0, "", 0, histogram),
                new Delivered(1_000_000, 1_000_000, lost, 0, 0, 0, 0, 20, 150_000_000, histogram),
                Optional.of(new Cost(100, 5.81, 8192, 100 << 20)),
                saturation,
                false);
    }
}
