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
 * Reads everything after a cursor and keeps only the newest event of each key, for readers that asked for
 * {@code latest=true} and were behind. Memory grows with the number of keys that changed, not with the number of
 * events.
 */
final class NewestOfEach {

    private static final int EVENTS_PER_READ = 1024;

    private final Journal journal;
    private final Cursor after;
    private final Cursor through;
    private final Selection selection;
    /** The newest event of each key, in the order of their offsets. */
    private final Map<String, Event> newest = new LinkedHashMap<>();

    private NewestOfEach(Journal journal, Cursor after, Cursor through, Selection selection) {
        this.journal = journal;
        this.after = after;
        this.through = through;
        this.selection = selection;
    }

    /** Returns one page that covers the whole range, however large it is. */
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

    /** Adds an event, which replaces an earlier one of the same key. An event without a key replaces nothing. */
    private void keep(Event event) {
        String key =
                event.topic() + "#" + event.key().orElseGet(() -> event.cursor().toString());
        newest.remove(key);
        newest.put(key, event);
    }
}
