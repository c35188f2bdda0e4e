package io.tidegate.event;

import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Describes how the members of a kind end.
 *
 * @param type type of the last event of a member
 * @param time name of the JSON member in which that event holds the time of the end
 * @param sets further JSON members that this event sets, in this order
 */
public record Ending(EventType type, String time, Map<String, String> sets) {

    public Ending {
        sets = Collections.unmodifiableMap(new LinkedHashMap<>(sets));
    }

    static Ending of(String type, String time) {
        return new Ending(new EventType(type), time, Map.of());
    }

    /** Returns a copy of this ending that also sets the given JSON member. */
    Ending setting(String name, String value) {
        Map<String, String> more = new LinkedHashMap<>(sets);
        more.put(name, value);
        return new Ending(type, time, more);
    }

    /** Sets in the given member everything that the ending sets except the time. */
    public JsonObject mark(JsonObject member) {
        sets.forEach(member::put);
        return member;
    }

    /**
     * Returns the member as its last event holds it. If the member already has the time of an end, that time is kept.
     */
    public JsonText ended(JsonText last, Instant at) {
        JsonObject member = mark(last.object());
        if (!member.containsKey(time)) {
            member.put(time, at.truncatedTo(ChronoUnit.MILLIS).toString());
        }
        return JsonText.of(member);
    }
}
