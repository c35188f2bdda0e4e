package io.tidegate.bench;

import java.util.BitSet;

/**
 * A series of events that one connection publishes to one topic, numbered from 1. Each is sent after the previous one
 * got its response, so that their order is known. The number of series is the number of topics or of connections,
 * whichever is larger, so that each topic and each connection has at least one. Owned by the event loop that publishes;
 * other threads read it only after that loop has passed it to them.
 */
final class Sequence {

    private final int number;
    private final int topic;
    private final BitSet failed = new BitSet();
    private int published;

    Sequence(int number, Load load) {
        this.number = number;
        this.topic = number % load.topics();
    }

    static int count(Load load) {
        return Math.max(load.topics(), load.inFlight());
    }

    int number() {
        return number;
    }

    int topic() {
        return topic;
    }

    int next() {
        return ++published;
    }

    /** Marks an event as failed: it is unknown whether the target has accepted it. */
    void failed(int sequence) {
        failed.set(sequence);
    }

    int published() {
        return published;
    }

    int acknowledged() {
        return published - failed.cardinality();
    }

    boolean isAcknowledged(int sequence) {
        return !failed.get(sequence);
    }
}
