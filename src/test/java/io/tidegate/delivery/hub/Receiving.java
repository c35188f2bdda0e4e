package io.tidegate.delivery.hub;

import io.tidegate.event.Event;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** A subscriber that forwards the events of each turn and records its failures. */
final class Receiving implements Subscriber {

    final List<Throwable> failures = new ArrayList<>();
    private final Consumer<List<Event>> events;

    Receiving(Consumer<List<Event>> events) {
        this.events = events;
    }

    @Override
    public void deliver(List<Event> delivered) {
        events.accept(delivered);
    }

    @Override
    public void failed(Throwable cause) {
        failures.add(cause);
    }
}
