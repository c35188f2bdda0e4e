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
 * Determines which items a held client receives. Clients with equal keys form one {@link HoldGroup}.
 *
 * @param channels the topics of the channels, each with its filters
 * @param meta the values that the origin set for the client; empty if no channel has a filter
 */
record HoldKey(Mode mode, Map<Topic, Set<Filter>> channels, Map<String, String> meta) {

    private static final Logger LOG = LoggerFactory.getLogger(HoldKey.class);
    private static final int MAX_CHANNELS = 16;

    /** @throws IllegalArgumentException if there is no channel, or there are too many */
    HoldKey {
        if (channels.isEmpty() || channels.size() > MAX_CHANNELS) {
            throw new IllegalArgumentException("a hold must have between 1 and " + MAX_CHANNELS + " channels");
        }
        channels = Map.copyOf(channels);
        meta = channels.values().stream().allMatch(Set::isEmpty) ? Map.of() : Map.copyOf(meta);
    }

    Selection selection() {
        List<TopicPattern> patterns =
                channels.keySet().stream().map(TopicPattern::of).toList();
        return new Selection(patterns, List.of(new EventType.Pattern(mode.type().name())), patterns);
    }

    /** Returns the item of the event for these clients; empty if a filter drops it or the event is not a valid item. */
    Optional<GripItem> itemFor(Event event, HoldMetrics metrics) {
        GripItem item;
        try {
            item = GripItem.of(event.data(), mode);
        } catch (RuntimeException invalid) {
            // The event may have been published through the general API, which does not validate items.
            metrics.misunderstood();
            return skip(event, invalid);
        }
        Set<Filter> filters = channels.getOrDefault(event.topic(), Set.of());
        boolean substitute = filters.contains(Filter.VAR_SUBST);
        if (item.variables() && !substitute || filters.stream().anyMatch(filter -> filter.drops(this, item.meta()))) {
            return Optional.empty();
        }
        try {
            return Optional.of(substitute ? item.with(meta) : item);
        } catch (IllegalArgumentException withoutValue) {
            return skip(event, withoutValue);
        }
    }

    private static Optional<GripItem> skip(Event event, RuntimeException reason) {
        LOG.debug("event=grip-item-unfit topic={} reason={}", event.topic(), reason.getMessage());
        return Optional.empty();
    }
}
