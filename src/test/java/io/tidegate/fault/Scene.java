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

/** One gateway with its publishers and readers, from the first event to the line in the table. */
final class Scene implements AutoCloseable {

    /** Longer than any of it takes beside other work. */
    static final Duration PATIENCE = Duration.ofMinutes(5);
    /** What readers read and publishers publish to. */
    static final String PATH = "/api/events?topics=fault/**";

    private static final int SOURCES = 4;

    private final Readers readers;
    private final Publishers publishers;
    private final List<FaultReader> answerable = new ArrayList<>();
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

    /** Adds readers, from several addresses, and waits until each stands somewhere. */
    List<FaultReader> open(int number, FaultReader.Plan plan) throws InterruptedException {
        List<FaultReader> opened = IntStream.range(0, number)
                .mapToObj(i -> readers.open(plan.source("127.0.0." + (1 + i % SOURCES))))
                .toList();
        assertTrue(
                readers.await(
                        () -> opened.stream()
                                .allMatch(reader -> reader.log().start().isPresent()),
                        PATIENCE),
                "not every stream opened");
        answerable.addAll(opened);
        return opened;
    }

    /** Starts publishers that together send about so many events a second. */
    void publish(int number, int eventsPerSecond, int batch, int bytes) {
        publish(number, eventsPerSecond, batch, bytes, Optional.empty());
    }

    /** Starts publishers that together send so many events a second at most, and no more than they may. */
    void publish(Budget budget, int number, int eventsPerSecond, int batch, int bytes) {
        publish(number, eventsPerSecond, batch, bytes, Optional.of(budget));
    }

    private void publish(int number, int eventsPerSecond, int batch, int bytes, Optional<Budget> budget) {
        long every = 1_000_000_000L * number * batch / eventsPerSecond;
        for (int i = 0; i < number; i++) {
            publishers.start(new Publisher.Plan("fault/" + i, batch, every, bytes, budget));
        }
    }

    /** Waits until so many events more have been seen by a reader. */
    void awaitEvents(FaultReader reader, int more) throws InterruptedException {
        int[] before = new int[1];
        readers.on(() -> before[0] = reader.events());
        assertTrue(
                readers.await(() -> reader.events() - before[0] >= more, PATIENCE),
                () -> "not " + more + " events came, but " + (reader.events() - before[0]));
    }

    /** Waits until every reader that is answerable has come as far as the events of now. */
    Cursor catchUp() throws InterruptedException {
        Cursor end = publishers.fence();
        readers.await(() -> answerable.stream().allMatch(reader -> reader.reached(end)), PATIENCE);
        return end;
    }

    /** Ends the load, lets every reader come to the end, and adds the line to the table. */
    void finish(String scenario, String notes) throws Exception {
        publishers.stop();
        Cursor end = catchUp();
        readers.on(() -> answerable.forEach(FaultReader::stop));
        report(scenario, end, answerable, notes);
    }

    void report(String scenario, Cursor end, List<FaultReader> judged, String notes) throws IOException {
        long seconds = Duration.ofNanos(System.nanoTime() - began).toSeconds();
        Findings findings = Checker.check(publishers.log(), Kit.logs(judged), end);
        Kit.report(scenario, findings, "unanswered=" + publishers.unknown() + " " + seconds + "s " + notes);
    }

    @Override
    public void close() throws IOException {
        publishers.close();
        readers.close();
    }
}
