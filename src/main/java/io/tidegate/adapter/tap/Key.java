package io.tidegate.adapter.tap;

import io.tidegate.adapter.tap.Tap.Source;
import io.tidegate.event.Draft;
import io.tidegate.event.JsonText;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Specifies where the key of an event is found.
 *
 * @param segment the name of a path parameter; empty if the key is in the data
 * @param members the path of the key in the data, as the names of nested members
 */
record Key(String segment, List<String> members) {

    private static final java.util.regex.Pattern IN_DATA = java.util.regex.Pattern.compile("\\$(\\.[^.\\[\\]$]+)+");

    static final Key NONE = new Key("", List.of());

    /**
     * Parses the configured place of a key.
     *
     * @throws IllegalArgumentException if it is malformed, or if neither the pattern nor the data can contain the key
     */
    static Key of(String key, Pattern pattern, Source data) {
        if (key.isEmpty()) {
            return NONE;
        }
        if (key.startsWith("{") && key.endsWith("}")) {
            String name = key.substring(1, key.length() - 1);
            Tap.require(pattern.has(name), "key must name a segment of the path: " + key);
            return new Key(name, List.of());
        }
        Tap.require(IN_DATA.matcher(key).matches(), "key must be {name} of the path or $ and names such as $.item.id");
        Tap.require(data != Source.NONE, "key must name a segment of the path, since there is no data");
        return new Key("", List.of(key.substring(2).split("\\.")));
    }

    /** Returns the key for one request; empty if the key is missing. */
    Optional<String> find(Map<String, String> segments, JsonText data) {
        if (!segment.isEmpty()) {
            return Optional.ofNullable(segments.get(segment));
        }
        if (!data.isObject()) {
            return Optional.empty();
        }
        JsonObject holder = data.requireValues(Draft.MAX_MEMBER_VALUES).object();
        for (String name : members.subList(0, members.size() - 1)) {
            if (!(holder.getValue(name) instanceof JsonObject inner)) {
                return Optional.empty();
            }
            holder = inner;
        }
        return JsonText.of(holder).scalar(members.get(members.size() - 1));
    }
}
