package io.tidegate.bench;

import java.util.BitSet;

/**
 * A series of events that one connection publishes to one topic, numbered from 1. Each is sent after the previous one
 * got its response, so that their order is known. There are as many series as topics or connections, whichever is more,
 * so that each topic and each connection has at least one. Owned by the event loop that publishes; other threads read
 * it after that loop has handed it over.
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

    /** Marks an event as failed: it is unknown whether the target has it. */
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
