package io.tidegate.journal.sqlite;

import static io.tidegate.journal.Journaling.await;

import io.tidegate.event.Kind;
import io.tidegate.journal.Durability;
import io.tidegate.journal.Journal;
import io.tidegate.journal.JournalContract;
import io.tidegate.journal.history.Idempotency;
import io.tidegate.journal.history.JournalOptions;
import io.tidegate.journal.retention.Retention;
import io.tidegate.node.JournalFactory;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;

/** Tests the contract with very few recent events, so that reads are served from the file. */
class SqliteFileContractTest extends JournalContract {

    private final Path folder;
    private int opened;

    SqliteFileContractTest(@TempDir Path folder) {
        this.folder = folder;
    }

    @Override
    protected Journal create(Clock clock, Map<Kind, Retention> retention, Idempotency idempotency) {
        JournalOptions options =
                JournalOptions.of(JournalOptions.Store.SQLITE, Durability.PROCESS, 1, 1, idempotency, retention);
        return await(JournalFactory.open(folder.resolve("data" + opened++), options, clock));
    }
}
