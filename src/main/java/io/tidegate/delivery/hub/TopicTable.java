package io.tidegate.delivery.hub;

import io.tidegate.event.Topic;
import io.tidegate.event.TopicPattern;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Which seats a topic concerns: plain topics by one look-up, patterns with a wildcard one after the other. Owned by one
 * event loop.
 */
final class TopicTable {

    private final Map<String, List<Subscription>> byTopic = new HashMap<>();
    private final Map<TopicPattern, List<Subscription>> byPattern = new HashMap<>();

    void add(Subscription seat) {
        for (TopicPattern pattern : seat.selection().topics()) {
            if (pattern.exact()) {
                byTopic.computeIfAbsent(pattern.text(), absent -> new ArrayList<>(1))
                        .add(seat);
            } else {
                byPattern.computeIfAbsent(pattern, absent -> new ArrayList<>(1)).add(seat);
            }
        }
    }

    void remove(Subscription seat) {
        for (TopicPattern pattern : seat.selection().topics()) {
            if (pattern.exact()) {
                byTopic.computeIfPresent(pattern.text(), (topic, seats) -> without(seats, seat));
            } else {
                byPattern.computeIfPresent(pattern, (topic, seats) -> without(seats, seat));
            }
        }
    }

    /** Calls the consumer for each seat whose selection asks for the topic; more than once where patterns overlap. */
    void each(Topic topic, Consumer<Subscription> consumer) {
        List<Subscription> exact = byTopic.get(topic.name());
        if (exact != null) {
            exact.forEach(consumer);
        }
        byPattern.forEach((pattern, seats) -> {
            if (pattern.matches(topic)) {
                seats.forEach(consumer);
            }
        });
    }

    private static @org.jspecify.annotations.Nullable List<Subscription> without(
            List<Subscription> seats, Subscription seat) {
        seats.remove(seat);
        return seats.isEmpty() ? null : seats;
    }
}
