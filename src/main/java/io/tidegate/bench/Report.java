package io.tidegate.bench;

import io.tidegate.bench.BenchResult.Cost;
import io.tidegate.bench.BenchResult.Delivered;
import io.tidegate.bench.BenchResult.Published;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Locale;
import org.HdrHistogram.Histogram;

/** Formats the result of a run as text and as JSON. */
public final class Report {

    private Report() {}

    /** Returns the result as text. */
    public static String text(BenchResult result) {
        StringBuilder text = new StringBuilder();
        Delivered delivered = result.delivered();
        Published published = result.published();
        add(text, "%s%n", settings(result.options()));
        add(
                text,
                "opened     in %.2f s, each p50 %s, p99 %s%n",
                result.opened().seconds(),
                millis(result.opened().each(), 50),
                millis(result.opened().each(), 99));
        add(
                text,
                "published  %,d events in %.2f s (%,.0f/s), acknowledged p50 %s, p99 %s%n",
                published.events(),
                published.seconds(),
                published.seconds() > 0 ? published.events() / published.seconds() : 0,
                millis(published.acknowledgements(), 50),
                millis(published.acknowledgements(), 99));
        add(
                text,
                "delivered  %,d of %,d in %.2f s: %,.0f/s, %,.0f bytes each%n",
                delivered.deliveries(),
                delivered.expected(),
                delivered.seconds(),
                delivered.perSecond(),
                delivered.bytesEach());
        add(
                text,
                "lost %,d, duplicates %,d, out of order %,d, not requested %,d; reconnects %,d%n",
                delivered.lost(),
                delivered.duplicates(),
                delivered.outOfOrder(),
                delivered.strays(),
                delivered.reconnects());
        Histogram latency = delivered.latency();
        add(text, "%nlatency, from when an event was due until a stream received it%n%s", Bars.text(latency));
        add(
                text,
                "  p50 %s, p90 %s, p99 %s, p99.9 %s, max %s%n",
                millis(latency, 50),
                millis(latency, 90),
                millis(latency, 99),
                millis(latency, 99.9),
                millis(latency, 100));
        result.cost().ifPresent(cost -> cost(text, cost));
        notes(text, result);
        return text.toString();
    }

    private static void cost(StringBuilder text, Cost cost) {
        add(
                text,
                "%ntarget     %.2f µs of processor time for each delivery, %.0f µs to open a stream; %,.0f MiB"
                        + " resident, %.1f KiB for each stream%n",
                cost.microsPerDelivery(),
                cost.microsPerStream(),
                cost.resident() / 1048576.0,
                cost.bytesPerStream() / 1024);
    }

    private static void notes(StringBuilder text, BenchResult result) {
        if (result.published().heldBack() > 0) {
            add(
                    text,
                    "%nThe target did not keep up with the rate: %,d events were sent late because all %,d publishes in"
                            + " flight were waiting for a response.%n",
                    result.published().heldBack(),
                    result.options().load().inFlight());
        }
        if (result.saturation().bottleneck()) {
            add(text, "%nTHE GENERATOR WAS THE BOTTLENECK, these figures may be its own:%n");
            result.saturation().warnings().forEach(warning -> add(text, "  %s%n", warning));
        }
        if (result.sameMachine()) {
            add(
                    text,
                    "%nTarget and generator share the %d cores of this machine.%n",
                    Runtime.getRuntime().availableProcessors());
        }
    }

    private static String settings(BenchOptions options) {
        Load load = options.load();
        String rate = load.rate().isPresent()
                ? String.format(Locale.ROOT, "%s a second", plain(load.rate().getAsDouble()))
                : String.format(Locale.ROOT, "%,d at a time", load.inFlight());
        return String.format(
                Locale.ROOT,
                "%,d streams on %,d topic%s of %s; %,d events of %,d characters, %s",
                load.streams(),
                load.topics(),
                load.topics() == 1 ? "" : "s",
                options.target().url(),
                load.events(),
                load.size(),
                rate);
    }

    /** Returns the result as JSON, with all settings except the token. */
    public static JsonObject json(BenchResult result) {
        JsonObject json = new JsonObject()
                .put("settings", settingsJson(result.options()))
                .put("ok", result.faults().isEmpty())
                .put("faults", new JsonArray(result.faults()))
                .put(
                        "opened",
                        new JsonObject()
                                .put("seconds", result.opened().seconds())
                                .put("eachMs", percentiles(result.opened().each())))
                .put("published", published(result.published()))
                .put("delivered", delivered(result.delivered()))
                .put(
                        "generator",
                        new JsonObject()
                                .put("bottleneck", result.saturation().bottleneck())
                                .put("words", new JsonArray(result.saturation().warnings()))
                                .put("busiestLoop", result.saturation().busiest())
                                .put("lagP99Ms", result.saturation().lagMillis())
                                .put("late", result.saturation().late())
                                .put("sameMachine", result.sameMachine())
                                .put("cores", Runtime.getRuntime().availableProcessors()));
        result.cost()
                .ifPresent(cost -> json.put(
                        "target",
                        new JsonObject()
                                .put("cpuMicrosPerDelivery", cost.microsPerDelivery())
                                .put("cpuMicrosPerStream", cost.microsPerStream())
                                .put("bytesPerStream", cost.bytesPerStream())
                                .put("residentBytes", cost.resident())));
        return json;
    }

    private static JsonObject settingsJson(BenchOptions options) {
        Target target = options.target();
        Load load = options.load();
        JsonObject json = new JsonObject()
                .put("url", target.url().toString())
                .put("path", target.path())
                .put("publishPath", target.publishPath())
                .put("body", target.body())
                .put("streams", load.streams())
                .put("topics", load.topics())
                .put("size", load.size())
                .put("warmUp", load.warmUp())
                .put("events", load.events())
                .put("inFlight", load.inFlight())
                .put("loops", options.loops());
        load.rate().ifPresent(rate -> json.put("rate", rate));
        return json;
    }

    private static JsonObject published(Published published) {
        return new JsonObject()
                .put("events", published.events())
                .put("seconds", published.seconds())
                .put("failed", published.failed())
                .put("heldBack", published.heldBack())
                .put("acknowledgedMs", percentiles(published.acknowledgements()));
    }

    private static JsonObject delivered(Delivered delivered) {
        JsonArray histogram = new JsonArray();
        Bars.rows(delivered.latency())
                .forEach(row ->
                        histogram.add(new JsonObject().put("upToMs", row.upTo()).put("count", row.count())));
        return new JsonObject()
                .put("deliveries", delivered.deliveries())
                .put("expected", delivered.expected())
                .put("lost", delivered.lost())
                .put("duplicates", delivered.duplicates())
                .put("outOfOrder", delivered.outOfOrder())
                .put("strays", delivered.strays())
                .put("reconnects", delivered.reconnects())
                .put("seconds", delivered.seconds())
                .put("perSecond", delivered.perSecond())
                .put("bytesEach", delivered.bytesEach())
                .put("latencyMs", percentiles(delivered.latency()))
                .put("histogram", histogram);
    }

    private static JsonObject percentiles(Histogram micros) {
        return new JsonObject()
                .put("p50", micros.getValueAtPercentile(50) / 1000.0)
                .put("p90", micros.getValueAtPercentile(90) / 1000.0)
                .put("p99", micros.getValueAtPercentile(99) / 1000.0)
                .put("p99.9", micros.getValueAtPercentile(99.9) / 1000.0)
                .put("max", micros.getMaxValue() / 1000.0);
    }

    private static String millis(Histogram micros, double percentile) {
        return String.format(Locale.ROOT, "%.2f ms", micros.getValueAtPercentile(percentile) / 1000.0);
    }

    private static String plain(double number) {
        return number == Math.rint(number) ? String.format(Locale.ROOT, "%,.0f", number) : Double.toString(number);
    }

    private static void add(StringBuilder text, String format, Object... values) {
        text.append(String.format(Locale.ROOT, format, values));
    }
}
