package io.tidegate.bench;

import java.util.BitSet;

/**
 * A series of events that one connection publishes to one topic, numbered from 1. An event is sent only after the
 * response to the previous one has been received, so the order of events is known. There are as many series as topics
 * or connections, whichever number is larger, so that every topic and every connection has at least one. Owned by the
 * publishing event loop; other threads read a series only after that loop has handed it over.
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

    /** Marks an event as failed, which means that it is unknown whether the target accepted the event. */
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
