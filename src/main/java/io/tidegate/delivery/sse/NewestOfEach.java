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
 * Reads the events in a range and keeps only the newest event of each key, for streams that were requested with
 * {@code latest=true} and are behind. Reading stops when {@value #MAX_WEIGHT} bytes are held. The next page then
 * continues, and may have newer events of the same keys.
 */
final class NewestOfEach {

    private static final int EVENTS_PER_READ = 1024;
    private static final int MAX_WEIGHT = 1 << 20;

    private final Journal journal;
    private final Cursor after;
    private final Cursor through;
    private final Selection selection;
    /** The newest event of each key, in the order of the events' offsets. */
    private final Map<String, Event> newest = new LinkedHashMap<>();

    private long weight;

    private NewestOfEach(Journal journal, Cursor after, Cursor through, Selection selection) {
        this.journal = journal;
        this.after = after;
        this.through = through;
        this.selection = selection;
    }

    /** Returns a single page that covers the whole range or as much of it as the limit on memory allows. */
    static Future<Page> read(Journal journal, Cursor after, Cursor through, Selection selection) {
        return new NewestOfEach(journal, after, through, selection).readFrom(after);
    }

    private Future<Page> readFrom(Cursor from) {
        return journal.read(from, through.offset(), selection, EVENTS_PER_READ).compose(page -> {
            page.events().forEach(this::keep);
            if (page.gap()) {
                return Future.succeededFuture(new Page(List.of(), after, true, false));
            }
            return page.more() && weight < MAX_WEIGHT
                    ? readFrom(page.next())
                    : Future.succeededFuture(
                            new Page(new ArrayList<>(newest.values()), page.next(), false, page.more()));
        });
    }

    /**
     * Adds an event, which replaces an earlier event with the same key. An event without a key does not replace any.
     */
    private void keep(Event event) {
        String key =
                event.topic() + "#" + event.key().orElseGet(() -> event.cursor().toString());
        Event earlier = newest.remove(key);
        weight += event.weight() - (earlier == null ? 0 : earlier.weight());
        newest.put(key, event);
    }
}
