package io.tidegate.bench;

import java.util.OptionalDouble;

/**
 * The load on the target.
 *
 * @param streams the number of streams that are open at the same time
 * @param topics the number of topics over which the streams are spread evenly
 * @param topic the prefix of the topic names
 * @param size the number of characters in an event's data
 * @param warmUp the number of events that are published before the measurement
 * @param events the number of measured events, summed over all topics
 * @param rate the number of events per second, with latency measured from an event's due time rather than from the time
 *     at which it was sent; if empty, the next event is sent as soon as a connection has received its acknowledgement
 * @param inFlight the maximum number of publish requests that wait for an acknowledgement, each on its own connection
 */
public record Load(
        int streams, int topics, String topic, int size, int warmUp, int events, OptionalDouble rate, int inFlight) {

    public static final int MAX_SIZE = 16 << 20;

    /** The defaults of the command-line options. */
    public static final Load DEFAULTS = new Load(1000, 1, "bench", 100, 100, 1000, OptionalDouble.of(50), 16);

    /**
     * Checks the options.
     *
     * @throws IllegalArgumentException if an option is invalid; the message names the option
     */
    public Load {
        between("--streams", streams, 1, 1_000_000);
        between("--topics", topics, 1, EventStamp.MAX_SERIES);
        between("--size", size, EventStamp.LENGTH, MAX_SIZE);
        between("--warm-up", warmUp, 0, EventStamp.MAX_SEQUENCE / 2);
        between("--events", events, 1, EventStamp.MAX_SEQUENCE / 2);
        between("--in-flight", inFlight, 1, 10_000);
        if (rate.isPresent() && !(rate.getAsDouble() > 0 && rate.getAsDouble() <= 1e6)) {
            throw new IllegalArgumentException("--rate must be greater than 0 and at most 1000000");
        }
        if (streams < topics) {
            throw new IllegalArgumentException(
                    "--topics must not exceed --streams, because the other topics would have no reader");
        }
    }

    /** Returns the name of the topic with this number. */
    public String topicOf(int number) {
        return topic + "/" + number;
    }

    private static void between(String option, int value, int min, int max) {
        if (value < min || value > max) {
            throw new IllegalArgumentException(option + " must be between " + min + " and " + max + ", not " + value);
        }
    }
}
