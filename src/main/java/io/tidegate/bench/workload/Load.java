package io.tidegate.bench.workload;

import java.util.OptionalDouble;

/**
 * How much is asked of the target.
 *
 * @param streams how many are open at once
 * @param topics over how many topics they are spread evenly
 * @param topic what the names of the topics begin with
 * @param size characters of data in an event
 * @param warmUp events before those that are measured
 * @param events how many are measured, over all topics
 * @param rate events per second; an event is late from when it was due, not from when it was sent. Empty: each as soon as
 *     an earlier one is acknowledged
 * @param inFlight how many publishes wait for their acknowledgement at most, each on a connection of its own
 */
public record Load(
        int streams, int topics, String topic, int size, int warmUp, int events, OptionalDouble rate, int inFlight) {

    public static final int MAX_SIZE = 16 << 20;

    /** What the options say when nothing is said. */
    public static final Load DEFAULTS = new Load(1000, 1, "bench", 100, 100, 1000, OptionalDouble.of(50), 16);

    /**
     * Checks what was given.
     *
     * @throws IllegalArgumentException with the option that is wrong
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
                    "--topics must not be more than --streams: nobody would read the others");
        }
    }

    /** A topic by its number. */
    public String topicOf(int number) {
        return topic + "/" + number;
    }

    private static void between(String option, int value, int least, int most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(option + " must be " + least + " to " + most + ", not " + value);
        }
    }
}
