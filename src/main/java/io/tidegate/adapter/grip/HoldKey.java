package io.tidegate.adapter.grip;

import io.tidegate.event.Event;
import io.tidegate.event.EventType;
import io.tidegate.event.Selection;
import io.tidegate.event.Topic;
import io.tidegate.event.TopicPattern;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who hears the same: clients of equal audiences are one group.
 *
 * @param channels their topics, each with its filters
 * @param meta what the origin said of the client, where a filter may ask for it; else nothing
 */
record HoldKey(Mode mode, Map<Topic, Set<Filter>> channels, Map<String, String> meta) {

    private static final Logger LOG = LoggerFactory.getLogger(HoldKey.class);
    private static final int MOST_CHANNELS = 16;

    /** @throws IllegalArgumentException when it has no channel, or too many */
    HoldKey {
        if (channels.isEmpty() || channels.size() > MOST_CHANNELS) {
            throw new IllegalArgumentException("a hold has 1 to " + MOST_CHANNELS + " channels");
        }
        channels = Map.copyOf(channels);
        meta = channels.values().stream().allMatch(Set::isEmpty) ? Map.of() : Map.copyOf(meta);
    }

    Selection selection() {
        List<TopicPattern> patterns =
                channels.keySet().stream().map(TopicPattern::of).toList();
        return new Selection(patterns, List.of(new EventType.Pattern(mode.type().name())), patterns);
    }

    /** What the event is to these clients; empty when it is not for them, or nobody can make out what it says. */
    Optional<GripItem> hear(Event event, HoldMetrics metrics) {
        GripItem item;
        try {
            item = GripItem.of(event.data(), mode);
        } catch (RuntimeException unfit) {
            // Not every publisher writes through the gate of items: an event may be of any shape.
            metrics.misunderstood();
            return none(event, unfit);
        }
        Set<Filter> filters = channels.getOrDefault(event.topic(), Set.of());
        boolean substitute = filters.contains(Filter.VAR_SUBST);
        if (item.variables() && !substitute || filters.stream().anyMatch(filter -> filter.drops(this, item.meta()))) {
            return Optional.empty();
        }
        try {
            return Optional.of(substitute ? item.with(meta) : item);
        } catch (IllegalArgumentException withoutValue) {
            return none(event, withoutValue);
        }
    }

    private static Optional<GripItem> none(Event event, RuntimeException reason) {
        LOG.debug("event=grip-item-unfit topic={} reason={}", event.topic(), reason.getMessage());
        return Optional.empty();
    }
}
