package io.tidegate.bench;

import io.tidegate.bench.workload.Load;
import java.util.BitSet;

/**
 * Events that one connection publishes to one topic, numbered from 1 and each after the acknowledgement of the one before,
 * so that their order is known. There are as many as topics or connections, whichever are more: each topic has at least
 * one, and each connection has. Owned by the event loop that publishes; others read it after that loop has handed it over.
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

    /** Nobody knows whether the target has this one. */
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
