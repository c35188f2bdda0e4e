package io.tidegate.event;

import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How the members of a kind end.
 *
 * @param type type of a member's last event
 * @param time name under which that event says when the member ended
 * @param sets what that event sets besides, in this order
 */
public record Ending(EventType type, String time, Map<String, String> sets) {

    public Ending {
        sets = Collections.unmodifiableMap(new LinkedHashMap<>(sets));
    }

    static Ending of(String type, String time) {
        return new Ending(new EventType(type), time, Map.of());
    }

    /** Returns the same ending, which sets this as well. */
    Ending setting(String name, String value) {
        Map<String, String> more = new LinkedHashMap<>(sets);
        more.put(name, value);
        return new Ending(type, time, more);
    }

    /** Sets in a member what an end sets, except for the time. */
    public JsonObject mark(JsonObject member) {
        sets.forEach(member::put);
        return member;
    }

    /** Returns the member as its last event holds it. A time that the member has already stays. */
    public JsonText ended(JsonText last, Instant at) {
        JsonObject member = mark(last.object());
        if (!member.containsKey(time)) {
            member.put(time, at.truncatedTo(ChronoUnit.MILLIS).toString());
        }
        return JsonText.of(member);
    }
}
