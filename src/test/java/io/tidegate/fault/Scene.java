package io.tidegate.fault;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidegate.access.Role;
import io.tidegate.event.Cursor;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Runs one scenario: starts the publishers and readers of a gateway, checks what the readers received, and adds a row
 * to the table of results.
 */
final class Scene implements AutoCloseable {

    /** The time limit of each wait. It exceeds any wait in a scenario, even on a busy machine. */
    static final Duration TIMEOUT = Duration.ofMinutes(5);
    /** The path of a stream with all topics that publishers publish to. */
    static final String PATH = "/api/events?topics=fault/**";

    private static final int SOURCES = 4;

    private final Readers readers;
    private final Publishers publishers;
    private final List<FaultReader> checked = new ArrayList<>();
    private final long began = System.nanoTime();

    Scene(int port, String viewer, String publisher) throws IOException {
        this.readers = new Readers(port, viewer);
        this.publishers = new Publishers(port, publisher);
    }

    static Scene of(NodeProcess running) throws IOException {
        return new Scene(running.port(), running.token(Role.VIEWER), running.token(Role.PUBLISHER));
    }

    Readers readers() {
        return readers;
    }

    Publishers publishers() {
        return publishers;
    }

    /** Adds readers from several source addresses, and waits until each has a position. */
    List<FaultReader> open(int number, FaultReader.Plan plan) throws InterruptedException {
        List<FaultReader> opened = IntStream.range(0, number)
                .mapToObj(i -> readers.open(plan.source("127.0.0." + (1 + i % SOURCES))))
                .toList();
        assertTrue(
                readers.await(
                        () -> opened.stream()
                                .allMatch(reader -> reader.log().start().isPresent()),
                        TIMEOUT),
                "not every stream opened");
        checked.addAll(opened);
        return opened;
    }

    /** Starts publishers that together send about the given number of events a second. */
    void publish(int number, int eventsPerSecond, int batch, int bytes) {
        publish(number, eventsPerSecond, batch, bytes, Optional.empty());
    }

    /** Starts publishers that together send at most the given number of events a second, within a budget. */
    void publish(Budget budget, int number, int eventsPerSecond, int batch, int bytes) {
        publish(number, eventsPerSecond, batch, bytes, Optional.of(budget));
    }

    private void publish(int number, int eventsPerSecond, int batch, int bytes, Optional<Budget> budget) {
        long every = 1_000_000_000L * number * batch / eventsPerSecond;
        for (int i = 0; i < number; i++) {
            publishers.start(new Publisher.Plan("fault/" + i, batch, every, bytes, budget));
        }
    }

    /** Waits until a reader has seen the given number of further events. */
    void awaitEvents(FaultReader reader, int more) throws InterruptedException {
        int[] before = new int[1];
        readers.on(() -> before[0] = reader.events());
        assertTrue(
                readers.await(() -> reader.events() - before[0] >= more, TIMEOUT),
                () -> "only " + (reader.events() - before[0]) + " of " + more + " events arrived");
    }

    /** Publishes a last event and waits until every checked reader has read up to it. */
    Cursor catchUp() throws InterruptedException {
        Cursor end = publishers.fence();
        readers.await(() -> checked.stream().allMatch(reader -> reader.reached(end)), TIMEOUT);
        return end;
    }

    /** Stops the load, lets every reader catch up, and adds the line to the table. */
    void finish(String scenario, String notes) throws Exception {
        publishers.stop();
        Cursor end = catchUp();
        readers.on(() -> checked.forEach(FaultReader::stop));
        report(scenario, end, checked, notes);
    }

    void report(String scenario, Cursor end, List<FaultReader> included, String notes) throws IOException {
        long seconds = Duration.ofNanos(System.nanoTime() - began).toSeconds();
        Findings findings = Checker.check(publishers.log(), Kit.logs(included), end);
        Kit.report(scenario, findings, "unanswered=" + publishers.unknown() + " " + seconds + "s " + notes);
    }

    @Override
    public void close() throws IOException {
        publishers.close();
        readers.close();
    }
}
