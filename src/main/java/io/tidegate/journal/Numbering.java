package io.tidegate.journal;

import io.tidegate.event.Cursor;
import io.tidegate.event.Draft;
import io.tidegate.event.Event;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;

/**
 * What the drafts of one commit become, and the answers to give once it is done.
 *
 * @param events all of them, in order, numbered without a hole
 * @param receipts one per append
 * @param head position of the last event
 */
record Numbering(List<Event> events, List<Receipt> receipts, Cursor head) {

    /** Numbers what follows a position. Times are cut to what every store keeps, milliseconds. */
    static Numbering of(List<Append> appends, Cursor after, Instant now, Durability durability) {
        Instant time = now.truncatedTo(ChronoUnit.MILLIS);
        List<Event> all = new ArrayList<>();
        List<Receipt> receipts = new ArrayList<>(appends.size());
        Cursor cursor = after;
        for (Append append : appends) {
            int from = all.size();
            for (Draft draft : append.drafts()) {
                cursor = cursor.at(cursor.offset() + 1);
                all.add(Event.of(draft, cursor, time));
            }
            receipts.add(new Receipt(all.subList(from, all.size()), durability));
        }
        return new Numbering(all, receipts, cursor);
    }
}
