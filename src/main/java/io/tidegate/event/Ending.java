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
 * @param type the type of a member's last event
 * @param time the name of the JSON member in the data of that event that contains the end time
 * @param sets additional JSON members that are set in the data of that event, in this order
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

    /** Sets the JSON members of {@link #sets} in the given member. */
    public JsonObject mark(JsonObject member) {
        sets.forEach(member::put);
        return member;
    }

    /** Returns the member as contained in its last event. If the member already has an end time, that time is kept. */
    public JsonText ended(JsonText last, Instant at) {
        JsonObject member = mark(last.object());
        if (!member.containsKey(time)) {
            member.put(time, at.truncatedTo(ChronoUnit.MILLIS).toString());
        }
        return JsonText.of(member);
    }
}
