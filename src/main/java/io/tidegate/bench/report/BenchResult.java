package io.tidegate.bench.report;

import io.tidegate.bench.workload.BenchOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.HdrHistogram.Histogram;

/**
 * What a run found. Histograms are in microseconds.
 *
 * @param sameMachine whether the target is on the loopback, where both share the cores
 * @param cost what it cost the target, where its processes were named
 */
public record BenchResult(
        BenchOptions options,
        Opened opened,
        Published published,
        Delivered delivered,
        Optional<Cost> cost,
        GeneratorSaturation saturation,
        boolean sameMachine) {

    /** The opening of all streams: how long it took, and how long for each from the connect to the head. */
    public record Opened(double seconds, Histogram each) {}

    /**
     * The events that are measured.
     *
     * @param failed those that the target has not acknowledged, warm-up included
     * @param failure why the first of these was not; empty when all were
     * @param heldBack those that left late because every connection waited for an answer
     */
    public record Published(
            long events, double seconds, long failed, String failure, long heldBack, Histogram acknowledgements) {}

    /**
     * What came.
     *
     * @param deliveries distinct events at streams, in the part that is measured
     * @param expected how many these were to be
     * @param lost acknowledged events that a stream never had, warm-up included; as are the following
     * @param outOfOrder events that came after a later one of the same publisher and topic
     * @param strays events of a topic that the stream had not asked for
     * @param reconnects streams that were ended and came back
     * @param bytes what all streams received, with heads of chunks and heartbeats
     * @param latency from when an event was due to when a stream had it
     */
    public record Delivered(
            long deliveries,
            long expected,
            long lost,
            long duplicates,
            long outOfOrder,
            long strays,
            long reconnects,
            double seconds,
            long bytes,
            Histogram latency) {

        double perSecond() {
            return seconds > 0 ? deliveries / seconds : 0;
        }

        double bytesEach() {
            return deliveries > 0 ? (double) bytes / deliveries : 0;
        }
    }

    /**
     * What it cost the target.
     *
     * @param microsPerStream processor time to open one stream
     * @param microsPerDelivery processor time to publish and deliver, for each delivery
     * @param bytesPerStream by how much its resident memory grew with each stream
     * @param resident its resident memory with all streams open
     */
    public record Cost(double microsPerStream, double microsPerDelivery, double bytesPerStream, long resident) {}

    /** What makes this a failed run, in a sentence each; empty when it is a good one. */
    public List<String> faults() {
        List<String> faults = new ArrayList<>();
        add(
                faults,
                delivered.lost(),
                "deliveries are LOST: the target acknowledged the events and streams never had them");
        add(faults, delivered.duplicates(), "deliveries came AGAIN");
        add(faults, delivered.outOfOrder(), "deliveries came OUT OF ORDER");
        add(faults, delivered.strays(), "deliveries were of a TOPIC that the stream had not asked for");
        add(faults, published.failed(), "publishes FAILED, first: " + published.failure());
        return faults;
    }

    private static void add(List<String> faults, long number, String words) {
        if (number > 0) {
            faults.add(String.format(Locale.ROOT, "%,d %s", number, words));
        }
    }
}
