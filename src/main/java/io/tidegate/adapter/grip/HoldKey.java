package io.tidegate.adapter.grip;

import io.tidegate.event.Event;
import io.tidegate.event.EventType;
import io.tidegate.event.Selection;
import io.tidegate.event.Topic;
import io.tidegate.event.TopicPattern;
import io.vertx.core.buffer.Buffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Determines which items a held client receives. Clients with equal keys form one {@link HoldGroup}.
 *
 * @param channels the channels' topics, each with its filters
 * @param meta the meta values that the origin set for the client; empty if no channel has a filter
 */
record HoldKey(Mode mode, Map<Topic, Set<Filter>> channels, Map<String, String> meta) {

    private static final Logger LOG = LoggerFactory.getLogger(HoldKey.class);
    private static final int MAX_CHANNELS = 16;

    /**
     * Validates the components.
     *
     * @throws IllegalArgumentException if there are no channels or too many
     */
    HoldKey {
        if (channels.isEmpty() || channels.size() > MAX_CHANNELS) {
            throw new IllegalArgumentException("a hold must have between 1 and " + MAX_CHANNELS + " channels");
        }
        channels = Map.copyOf(channels);
        Set<Filter> all = channels.values().stream().flatMap(Set::stream).collect(Collectors.toSet());
        if (channels.values().stream()
                .anyMatch(filters ->
                        filters.stream().filter(Filter::changesContent).count() > 1)) {
            throw new IllegalArgumentException("a channel must not have both build-id and var-subst");
        }
        if (all.contains(Filter.BUILD_ID)) {
            BuiltId.of(meta);
        }
        meta = channels.values().stream().allMatch(Set::isEmpty) ? Map.of() : Map.copyOf(meta);
    }

    Selection selection() {
        List<TopicPattern> patterns =
                channels.keySet().stream().map(TopicPattern::of).toList();
        return new Selection(patterns, List.of(new EventType.Pattern(mode.type().name())), patterns);
    }

    /**
     * Returns whether any channel has the filter {@code build-id}, in which case the content may differ for each
     * client.
     */
    boolean buildsIds() {
        return channels.values().stream().anyMatch(filters -> filters.contains(Filter.BUILD_ID));
    }

    /**
     * Returns the ids of the last items after an event, taking into account items that a filter drops.
     *
     * @param ids the ids before the event, for the channels whose ids are known
     */
    Map<Topic, String> idsAfter(Event event, Map<Topic, String> ids) {
        Optional<String> id = ids.containsKey(event.topic()) && event.data().isObject()
                ? event.data().scalar("id")
                : Optional.empty();
        if (id.isEmpty()) {
            return ids;
        }
        Map<Topic, String> next = new HashMap<>(ids);
        next.put(event.topic(), id.get());
        return Map.copyOf(next);
    }

    /**
     * Returns the body of the origin's response for these clients.
     *
     * @throws IllegalArgumentException if the filter {@code build-id} cannot be applied to the body
     */
    Buffer responseBody(Buffer body) {
        return buildsIds() ? BuiltId.of(meta).insertInto(body, Map.of()) : body;
    }

    /**
     * Returns the event's item for these clients; empty if a filter drops the item or the event does not contain a
     * valid item.
     *
     * @param ids the ids of the last items, including this one
     */
    Optional<GripItem> itemFor(Event event, Map<Topic, String> ids, HoldMetrics metrics) {
        GripItem item;
        try {
            item = GripItem.of(event.data(), mode);
        } catch (RuntimeException invalid) {
            // The event may have been published through the general API, which does not validate items.
            metrics.misunderstood();
            return skip(event, invalid);
        }
        Set<Filter> filters = channels.getOrDefault(event.topic(), Set.of());
        Set<Filter> content = filters.stream().filter(Filter::changesContent).collect(Collectors.toSet());
        if (item.contentFilters().filter(required -> !required.equals(content)).isPresent()
                || filters.stream().anyMatch(filter -> filter.drops(this, item.meta()))) {
            return Optional.empty();
        }
        try {
            if (content.contains(Filter.BUILD_ID)) {
                BuiltId built = BuiltId.of(meta);
                return Optional.of(item.with(plain -> built.insertInto(plain, ids)));
            }
            return Optional.of(content.isEmpty() ? item : item.with(plain -> Filter.substituted(plain, meta)));
        } catch (IllegalArgumentException withoutValue) {
            return skip(event, withoutValue);
        }
    }

    private static Optional<GripItem> skip(Event event, RuntimeException reason) {
        LOG.debug("event=grip-item-unfit topic={} reason={}", event.topic(), reason.getMessage());
        return Optional.empty();
    }
}
