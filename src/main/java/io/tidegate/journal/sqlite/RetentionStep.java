package io.tidegate.journal.sqlite;

import io.tidegate.event.Event;
import io.tidegate.event.Kind;
import io.tidegate.journal.history.JournalOptions;
import io.tidegate.journal.history.LatestStates;
import io.tidegate.journal.retention.Retention;
import io.tidegate.journal.retention.RetentionIndex;
import io.tidegate.journal.retention.TrimScan;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Removes some of the events that exceed the retention limits, in one transaction. Used only by the writer thread.
 *
 * @param dropped collects the topics and keys that are removed from the latest state
 */
record RetentionStep(
        SqliteWriter writer,
        RetentionIndex retained,
        LatestStates latest,
        JournalOptions options,
        long nowMillis,
        LatestStates.Dropped dropped) {

    /** The maximum number of whole topics that one transaction evicts. */
    private static final int TOPICS_PER_STEP = 64;

    /**
     * Runs the step.
     *
     * @param committing the events that the same transaction commits, which {@link #latest} does not include yet
     * @param byAge whether to check the age of events
     * @param rows the maximum number of rows to delete
     * @return whether there is more to remove
     */
    boolean run(List<Event> committing, boolean byAge, int rows) throws SQLException {
        boolean more = new SqliteIdempotencyStore(writer, options.idempotency(), nowMillis).trim(byAge, rows);
        for (Kind kind : Kind.values()) {
            Retention bounds = options.retention(kind);
            if (kind.evictedWhole()) {
                more |= evictTopics(kind, bounds);
            } else if (byAge || retained.range(kind).exceeds(bounds)) {
                TrimScan scan = new TrimScan(retained.range(kind), bounds, nowMillis);
                writer.delete(kind, scan, rows);
                retained.trim(kind, scan);
                more |= scan.events() == rows;
            }
            forgetSurplusKeys(kind, bounds, committing);
        }
        return writer.purge(rows) || more;
    }

    private boolean evictTopics(Kind kind, Retention bounds) throws SQLException {
        for (int i = 0; i < TOPICS_PER_STEP; i++) {
            Optional<RetentionIndex.Evicted> evicted = retained.evictDue(kind, bounds, nowMillis);
            if (evicted.isEmpty()) {
                return false;
            }
            writer.tombstone(evicted.get());
            dropped.topic(evicted.get().slot());
        }
        return true;
    }

    private void forgetSurplusKeys(Kind kind, Retention bounds, List<Event> committing) throws SQLException {
        List<String> surplus = new ArrayList<>(latest.surplusKeys(kind, bounds));
        // The keys of these events are spared, because a key that ends and begins again is no longer among the first.
        committing.stream().filter(event -> event.kind() == kind).forEach(event -> event.key()
                .ifPresent(surplus::remove));
        writer.forget(kind, surplus);
        dropped.keys(kind, surplus);
    }
}
