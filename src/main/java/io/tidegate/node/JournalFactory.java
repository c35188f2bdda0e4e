package io.tidegate.node;

import io.tidegate.journal.Journal;
import io.tidegate.journal.history.JournalOptions;
import io.tidegate.journal.memory.MemoryJournal;
import io.tidegate.journal.sqlite.SqliteJournal;
import io.vertx.core.Future;
import java.nio.file.Path;
import java.time.Clock;

/** Opens the journal in the configured store. */
public final class JournalFactory {

    private JournalFactory() {}

    /** Opens the journal; see {@link SqliteJournal#open}. The memory store does not use the folder. */
    public static Future<Journal> open(Path folder, JournalOptions options, Clock clock) {
        return switch (options.store()) {
            case MEMORY -> Future.succeededFuture(new MemoryJournal(clock, options.retention(), options.idempotency()));
            case SQLITE -> SqliteJournal.open(folder, options, clock).map(journal -> journal);
        };
    }
}
