package io.tidegate.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.HdrHistogram.Histogram;

/**
 * The result of a run. All histograms are in microseconds.
 *
 * @param cost the resources that the target used; empty if no process IDs were given
 * @param sameMachine whether the target is reached over the loopback interface and therefore shares CPU cores with the
 *     generator
 */
public record BenchResult(
        BenchOptions options,
        Opened opened,
        Published published,
        Delivered delivered,
        Optional<Cost> cost,
        GeneratorSaturation saturation,
        boolean sameMachine) {

    /**
     * The opening of the streams.
     *
     * @param seconds the time that it took to open all streams
     * @param each the time from the start of connecting to the response head, for each stream
     */
    public record Opened(double seconds, Histogram each) {}

    /**
     * The publishing of the measured events.
     *
     * @param failed the number of events that the target did not acknowledge, including the warm-up events
     * @param failure the reason for the first of these failures; empty if there was none
     * @param heldBack the number of events sent late because every connection was waiting for a response
     */
    public record Published(
            long events, double seconds, long failed, String failure, long heldBack, Histogram acknowledgements) {}

    /**
     * The deliveries to the streams.
     *
     * @param deliveries the number of distinct events that streams received during the measurement
     * @param expected the number of deliveries that were expected
     * @param lost the number of deliveries of acknowledged events that never arrived; this and the following counts
     *     include the warm-up
     * @param duplicates the number of deliveries of events that the stream had already received
     * @param outOfOrder the number of deliveries of events that arrived after a later event of the same publisher and
     *     topic
     * @param strays the number of deliveries of events whose topic the stream had not requested
     * @param reconnects the number of times that a stream ended and reconnected
     * @param bytes the number of bytes received by all streams, including chunk framing and heartbeats
     * @param latency the time between the due time of an event and its receipt by a stream
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
     * The resources that the target used.
     *
     * @param microsPerStream the CPU time per opened stream
     * @param microsPerDelivery the CPU time for publishing and delivering, per delivery
     * @param bytesPerStream the growth of the target's resident memory per stream, in bytes
     * @param resident the resident memory of the target with all streams open, in bytes
     */
    public record Cost(double microsPerStream, double microsPerDelivery, double bytesPerStream, long resident) {}

    /** Returns a description of each reason why the run failed, or an empty list if it succeeded. */
    public List<String> faults() {
        List<String> faults = new ArrayList<>();
        add(
                faults,
                delivered.lost(),
                "deliveries were LOST: the target acknowledged the events, but streams never received them");
        add(faults, delivered.duplicates(), "deliveries were DUPLICATES");
        add(faults, delivered.outOfOrder(), "deliveries arrived OUT OF ORDER");
        add(faults, delivered.strays(), "deliveries belonged to a TOPIC that the stream had not requested");
        add(faults, published.failed(), "publishes FAILED, first: " + published.failure());
        return faults;
    }

    private static void add(List<String> faults, long number, String fault) {
        if (number > 0) {
            faults.add(String.format(Locale.ROOT, "%,d %s", number, fault));
        }
    }
}
