package io.tidegate.fault;

import io.tidegate.event.Cursor;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** The publishers of one scenario, each with a unique id. */
final class Publishers implements AutoCloseable {

    private final int port;
    private final String token;
    private final List<Publisher> all = new ArrayList<>();

    Publishers(int port, String token) {
        this.port = port;
        this.token = token;
    }

    /** Adds a publisher and starts it. */
    Publisher start(Publisher.Plan plan) {
        return add(plan).start();
    }

    /** Adds a publisher without starting it. */
    Publisher add(Publisher.Plan plan) {
        Publisher publisher = new Publisher(all.size() + 1, port, token, plan);
        all.add(publisher);
        return publisher;
    }

    void stop() {
        all.forEach(Publisher::stop);
    }

    /** Publishes another event and returns its cursor, which follows all events published before. */
    Cursor fence() {
        Publisher last = add(new Publisher.Plan("fault/fence", 1, 0, 0));
        for (int i = 0; !last.publish(); i++) {
            if (i == 1000) {
                throw new AssertionError("the gateway does not accept events: " + last.lastStatus());
            }
        }
        List<Publication> log = last.log();
        return log.get(log.size() - 1).cursor().orElseThrow();
    }

    /** Returns the latest acknowledged cursor of any publisher. */
    Cursor lastAcknowledged() {
        return log().stream()
                .flatMap(publication -> publication.cursor().stream())
                .max(Comparator.naturalOrder())
                .orElseThrow();
    }

    List<Publication> log() {
        return Kit.published(all);
    }

    long acknowledged() {
        return log().stream()
                .filter(publication -> publication.outcome() == Publication.Outcome.ACKNOWLEDGED)
                .count();
    }

    long unknown() {
        return log().stream()
                .filter(publication -> publication.outcome() == Publication.Outcome.UNKNOWN)
                .count();
    }

    @Override
    public void close() {
        all.forEach(Publisher::close);
    }
}
