package io.tidegate.adapter.watch;

import io.tidegate.event.Draft;
import io.tidegate.event.Event;
import io.tidegate.event.JsonText;
import io.tidegate.event.Kind;
import io.tidegate.event.Lifecycle;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Computes the drafts that turn the latest state into a fetched list. */
final class Difference {

    private Difference() {}

    /**
     * Returns the drafts that turn the latest state into the list: first those for created and changed entries, in the
     * order of the list, and then those for entries that are no longer in the list.
     *
     * @param known the latest event for each live entry
     * @param newer the keys of events that were published after the list was requested; the list may be older than
     *     these events, so these keys are left to the next list
     * @param ignore the JSON members within an entry that are ignored when entries are compared; see
     *     {@link Watch#ignore}
     */
    static List<Draft> between(
            List<Event> known,
            Map<String, JsonText> listed,
            Set<String> newer,
            List<String> ignore,
            Kind kind,
            Instant now) {
        Lifecycle lifecycle = kind.lifecycle();
        Map<String, JsonText> before = new HashMap<>();
        known.forEach(event -> event.key().ifPresent(key -> before.put(key, event.data())));
        List<Draft> drafts = new ArrayList<>();
        listed.forEach((key, member) -> {
            JsonText last = before.get(key);
            if (newer.contains(key)) {
                return;
            }
            if (last == null) {
                drafts.add(kind.draft(lifecycle.created(), key, member));
            } else if (!same(last, member, ignore)) {
                drafts.add(kind.draft(lifecycle.changed(), key, member));
            }
        });
        for (Event event : known) {
            String key = event.key().orElse("");
            if (!listed.containsKey(key) && !newer.contains(key) && event.data().isObject()) {
                lifecycle
                        .ending()
                        .map(end -> kind.draft(end.type(), key, end.ended(event.data(), now)))
                        .ifPresent(drafts::add);
            }
        }
        return drafts;
    }

    /**
     * Returns whether two entries are equal apart from the ignored JSON members. The order of JSON members does not
     * matter, because origins do not always use the same order.
     */
    static boolean same(JsonText one, JsonText other, List<String> ignore) {
        return one.equals(other)
                || one.isObject()
                        && other.isObject()
                        && without(ignore, one.object())
                                .getMap()
                                .equals(without(ignore, other.object()).getMap());
    }

    private static JsonObject without(List<String> ignore, JsonObject member) {
        ignore.forEach(path -> remove(member, path.split("\\.")));
        return member;
    }

    private static void remove(JsonObject member, String[] path) {
        JsonObject parent = member;
        for (int i = 0; i < path.length - 1; i++) {
            if (!(parent.getValue(path[i]) instanceof JsonObject inner)) {
                return;
            }
            parent = inner;
        }
        parent.remove(path[path.length - 1]);
    }
}
