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
 * On which terms a client is held.
 *
 * @param seen for channels of which the origin says so, the id of the item that it knew when it answered
 * @param timeoutSeconds after which a response is waited for no longer
 */
record HoldSpec(HoldKey audience, Map<Topic, String> seen, int timeoutSeconds, Optional<KeepAlive> keepAlive) {

    static final int DEFAULT_SECONDS = 55;

    HoldSpec {
        seen = Map.copyOf(seen);
        if (timeoutSeconds < 0) {
            throw new IllegalArgumentException("a timeout is 0 or more seconds");
        }
    }

    Mode mode() {
        return audience.mode();
    }

    /** A channel that an origin names. */
    record Wanted(String name, Optional<String> previous, List<String> filters) {}

    static HoldSpec of(
            Mode mode, List<Wanted> channels, Map<String, String> meta, int timeoutSeconds, Optional<KeepAlive> alive) {
        Map<Topic, Set<Filter>> filters = new HashMap<>();
        Map<Topic, String> seen = new HashMap<>();
        for (Wanted channel : channels) {
            Topic topic = GripChannel.topic(channel.name());
            Set<Filter> ofTopic = filters.computeIfAbsent(topic, absent -> new HashSet<>());
            channel.filters().forEach(name -> ofTopic.add(Filter.named(name)));
            channel.previous().ifPresent(id -> seen.put(topic, id));
        }
        filters.replaceAll((topic, named) -> Set.copyOf(named));
        return new HoldSpec(new HoldKey(mode, filters, meta), seen, timeoutSeconds, alive);
    }

    /**
     * Reads {@code hold} of an instruction in a body.
     *
     * @throws IllegalArgumentException or {@link ClassCastException} when it is none
     */
    static HoldSpec parse(JsonObject hold) {
        JsonArray channels = hold.getJsonArray("channels", new JsonArray());
        JsonObject alive = hold.getJsonObject("keep-alive");
        return of(
                Mode.named(hold.getString("mode", Mode.RESPONSE.text())),
                channels.stream().map(channel -> wanted((JsonObject) channel)).toList(),
                GripItem.meta(hold.getJsonObject("meta", new JsonObject())),
                hold.getInteger("timeout", DEFAULT_SECONDS),
                Optional.ofNullable(alive)
                        .map(given -> new KeepAlive(
                                GripItem.bytes(given, "content", "content-bin"),
                                Math.max(1, given.getInteger("timeout", DEFAULT_SECONDS)),
                                false)));
    }

    private static Wanted wanted(@Nullable JsonObject given) {
        if (given == null) {
            throw new IllegalArgumentException("a channel is an object");
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
