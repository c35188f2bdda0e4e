package io.tidegate.journal.memory;

import static io.tidegate.journal.Journaling.await;
import static io.tidegate.journal.Journaling.draft;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.tidegate.event.Kind;
import io.tidegate.journal.Append;
import io.tidegate.journal.Durability;
import io.tidegate.journal.Journal;
import io.tidegate.journal.JournalContract;
import io.tidegate.journal.Receipt;
import io.tidegate.journal.history.Idempotency;
import io.tidegate.journal.history.JournalOptions;
import io.tidegate.journal.retention.Retention;
import io.tidegate.node.JournalFactory;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MemoryJournalTest extends JournalContract {

    @Override
    protected Journal create(Clock clock, Map<Kind, Retention> retention, Idempotency idempotency) {
        JournalOptions options =
                JournalOptions.of(JournalOptions.Store.MEMORY, Durability.FSYNC, 10, 1_000, idempotency, retention);
        return await(JournalFactory.open(Path.of("not-touched"), options, clock));
    }

    @Test
    void everyStartIsANewHistory() throws Exception {
        assertNotEquals(journal().head().epoch(), journal().head().epoch());
    }

    @Test
    void itPromisesNothing() throws Exception {
        Receipt receipt = await(journal().commit(List.of(new Append(List.of(draft("a", "1"))))))
                .get(0);
        assertEquals(Durability.MEMORY, receipt.durability());
    }
}
