package io.tidegate.adapter.grip;

import io.tidegate.event.Topic;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The origin's specification of how to hold a client.
 *
 * @param previousIds the id of the last item that the origin knew, for each channel for which it specifies one
 * @param timeoutSeconds the maximum time in seconds for which a client waits for a response
 */
record HoldSpec(HoldKey key, Map<Topic, String> previousIds, int timeoutSeconds, Optional<KeepAlive> keepAlive) {

    static final int DEFAULT_SECONDS = 55;

    HoldSpec {
        previousIds = Map.copyOf(previousIds);
        if (timeoutSeconds < 0) {
            throw new IllegalArgumentException("a timeout must not be negative");
        }
    }

    Mode mode() {
        return key.mode();
    }

    /** A channel as specified by the origin. */
    record Wanted(String name, Optional<String> previous, List<String> filters) {}

    static HoldSpec of(
            Mode mode, List<Wanted> channels, Map<String, String> meta, int timeoutSeconds, Optional<KeepAlive> alive) {
        Map<Topic, Set<Filter>> filters = new HashMap<>();
        Map<Topic, String> previousIds = new HashMap<>();
        for (Wanted channel : channels) {
            Topic topic = GripChannel.topic(channel.name());
            Set<Filter> topicFilters = filters.computeIfAbsent(topic, absent -> new HashSet<>());
            channel.filters().forEach(name -> topicFilters.add(Filter.named(name)));
            channel.previous().ifPresent(id -> previousIds.put(topic, id));
        }
        filters.replaceAll((topic, named) -> Set.copyOf(named));
        return new HoldSpec(new HoldKey(mode, filters, meta), previousIds, timeoutSeconds, alive);
    }

    /**
     * Parses the member {@code hold} of an instruction in a response body.
     *
     * @throws IllegalArgumentException if the member is not valid
     * @throws ClassCastException if a member has the wrong type
     */
    static HoldSpec parse(JsonObject hold) {
        JsonArray channels = hold.getJsonArray("channels", new JsonArray());
        JsonObject alive = hold.getJsonObject("keep-alive");
        return of(
                Mode.named(hold.getString("mode", Mode.RESPONSE.text())),
                channels.stream()
                        .map(channel -> parseChannel((JsonObject) channel))
                        .toList(),
                GripItem.meta(hold.getJsonObject("meta", new JsonObject())),
                hold.getInteger("timeout", DEFAULT_SECONDS),
                Optional.ofNullable(alive)
                        .map(given -> new KeepAlive(
                                GripItem.bytes(given, "content", "content-bin"),
                                Math.max(1, given.getInteger("timeout", DEFAULT_SECONDS)),
                                false)));
    }

    private static Wanted parseChannel(@Nullable JsonObject given) {
        if (given == null) {
            throw new IllegalArgumentException("a channel must be an object");
        }
        JsonObject channel = GripItem.present(given);
        return new Wanted(
                channel.getString("name", ""),
                Optional.ofNullable(channel.getString("prev-id")),
                channel.getJsonArray("filters", new JsonArray()).stream()
                        .map(String::valueOf)
                        .toList());
    }
}
