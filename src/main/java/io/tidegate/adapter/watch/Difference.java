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

/** What has to be told so that the latest state becomes the list. */
final class Difference {

    private Difference() {}

    /**
     * The drafts that lead from one to the other: first what is in the list, in its order, then what is no more.
     *
     * @param known the latest event of each living member
     * @param newer keys that were told of after the list was asked for; what it says of them may be older, and waits for
     *     the next list
     * @param ignore what is no news by itself, as {@link Watch#ignore} has it
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

    /** Whether two members say the same, these aside; origins do not always write theirs in the same order. */
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
        JsonObject holder = member;
        for (int i = 0; i < path.length - 1; i++) {
            if (!(holder.getValue(path[i]) instanceof JsonObject inner)) {
                return;
            }
            holder = inner;
        }
        holder.remove(path[path.length - 1]);
    }
}
