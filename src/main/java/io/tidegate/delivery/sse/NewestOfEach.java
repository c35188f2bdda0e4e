package io.tidegate.delivery.sse;

import io.tidegate.event.Cursor;
import io.tidegate.event.Event;
import io.tidegate.event.Selection;
import io.tidegate.journal.Journal;
import io.tidegate.journal.Page;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One read of everything after a cursor, of which only the newest event of each key is left: what a reader of states
 * wants after it was behind. Memory grows with the keys that changed, not with the events.
 */
final class NewestOfEach {

    private static final int EVENTS_PER_READ = 1024;

    private final Journal journal;
    private final Cursor after;
    private final Cursor through;
    private final Selection selection;
    /** In the order of the events kept, which is that of their offsets. */
    private final Map<String, Event> newest = new LinkedHashMap<>();

    private NewestOfEach(Journal journal, Cursor after, Cursor through, Selection selection) {
        this.journal = journal;
        this.after = after;
        this.through = through;
        this.selection = selection;
    }

    /** One page through the end of the range, however far that is. */
    static Future<Page> read(Journal journal, Cursor after, Cursor through, Selection selection) {
        return new NewestOfEach(journal, after, through, selection).readFrom(after);
    }

    private Future<Page> readFrom(Cursor from) {
        return journal.read(from, through.offset(), selection, EVENTS_PER_READ).compose(page -> {
            page.events().forEach(this::keep);
            if (page.gap()) {
                return Future.succeededFuture(new Page(List.of(), after, true, false));
            }
            return page.more()
                    ? readFrom(page.next())
                    : Future.succeededFuture(new Page(new ArrayList<>(newest.values()), page.next(), false, false));
        });
    }

    /** An event without a key tells of nothing that a later one replaces. */
    private void keep(Event event) {
        String key =
                event.topic() + "#" + event.key().orElseGet(() -> event.cursor().toString());
        newest.remove(key);
        newest.put(key, event);
    }
}
