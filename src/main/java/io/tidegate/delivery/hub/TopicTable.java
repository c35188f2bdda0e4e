package io.tidegate.delivery.hub;

import io.tidegate.event.Topic;
import io.tidegate.event.TopicPattern;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Finds the subscriptions whose patterns match a topic. Patterns without wildcards are found with a single lookup; the
 * topic is compared with every pattern that has wildcards. Owned by one event loop.
 */
final class TopicTable {

    private final Map<String, List<Subscription>> byTopic = new HashMap<>();
    private final Map<TopicPattern, List<Subscription>> byPattern = new HashMap<>();

    void add(Subscription subscription) {
        for (TopicPattern pattern : subscription.selection().topics()) {
            if (pattern.exact()) {
                byTopic.computeIfAbsent(pattern.text(), absent -> new ArrayList<>(1))
                        .add(subscription);
            } else {
                byPattern.computeIfAbsent(pattern, absent -> new ArrayList<>(1)).add(subscription);
            }
        }
    }

    void remove(Subscription subscription) {
        for (TopicPattern pattern : subscription.selection().topics()) {
            if (pattern.exact()) {
                byTopic.computeIfPresent(
                        pattern.text(), (topic, subscriptions) -> without(subscriptions, subscription));
            } else {
                byPattern.computeIfPresent(pattern, (topic, subscriptions) -> without(subscriptions, subscription));
            }
        }
    }

    /**
     * Calls the consumer for each subscription whose selection includes the topic, and several times if several of the
     * subscription's patterns match.
     */
    void each(Topic topic, Consumer<Subscription> consumer) {
        List<Subscription> exact = byTopic.get(topic.name());
        if (exact != null) {
            exact.forEach(consumer);
        }
        byPattern.forEach((pattern, subscriptions) -> {
            if (pattern.matches(topic)) {
                subscriptions.forEach(consumer);
            }
        });
    }

    /** Returns every subscription once. */
    Set<Subscription> all() {
        Set<Subscription> all = new HashSet<>();
        byTopic.values().forEach(all::addAll);
        byPattern.values().forEach(all::addAll);
        return all;
    }

    private static @Nullable List<Subscription> without(List<Subscription> subscriptions, Subscription subscription) {
        subscriptions.remove(subscription);
        return subscriptions.isEmpty() ? null : subscriptions;
    }
}
