package io.tidegate.journal.sqlite;

import static io.tidegate.journal.Journaling.await;
import static io.tidegate.journal.Journaling.commit;
import static io.tidegate.journal.Journaling.data;
import static io.tidegate.journal.Journaling.draft;
import static io.tidegate.journal.Journaling.events;
import static io.tidegate.journal.Journaling.keep;
import static io.tidegate.journal.Journaling.keyed;
import static io.tidegate.journal.Journaling.named;
import static io.tidegate.journal.Journaling.offsets;
import static io.tidegate.journal.Journaling.readAll;
import static io.tidegate.journal.Journaling.topics;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidegate.event.Cursor;
import io.tidegate.event.Event;
import io.tidegate.event.Kind;
import io.tidegate.event.Selection;
import io.tidegate.event.bus.Batch;
import io.tidegate.event.bus.NewEpoch;
import io.tidegate.fixture.TestClock;
import io.tidegate.fixture.Tmpfs;
import io.tidegate.journal.Append;
import io.tidegate.journal.Appender;
import io.tidegate.journal.Durability;
import io.tidegate.journal.Journal;
import io.tidegate.journal.JournalException;
import io.tidegate.journal.Receipt;
import io.tidegate.journal.Receipt.Status;
import io.tidegate.journal.ResumeStatus;
import io.tidegate.journal.history.Idempotency;
import io.tidegate.journal.history.JournalOptions;
import io.tidegate.journal.history.JournalOptions.Store;
import io.tidegate.journal.retention.Retention;
import io.tidegate.journal.writer.JournalVerticle;
import io.tidegate.problem.Code;
import io.tidegate.problem.ProblemException;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/** Tests the journal when its storage fails or is changed by other programs. */
@ExtendWith(VertxExtension.class)
class StorageFaultsTest {

    private static final Selection ALL = topics("**");

    private final TestClock clock = new TestClock("2026-03-01T12:00:00.123456789Z");
    private final FailingDisk disk = new FailingDisk();
    private final Path folder;
    private final List<Journal> opened = new ArrayList<>();

    StorageFaultsTest(@TempDir Path temp) {
        this.folder = temp.resolve("data");
    }

    /** A disk that fails on demand. */
    private static final class FailingDisk extends Disk {
        private volatile boolean failBefore;
        private volatile boolean failAfter;
        private volatile boolean failCheckpoint;
        private volatile SQLiteErrorCode code = SQLiteErrorCode.SQLITE_IOERR_FSYNC;
        private final AtomicInteger checkpoints = new AtomicInteger();

        @Override
        void commit(SqliteWriter writer) throws SQLException {
            failIf(failBefore);
            super.commit(writer);
            failIf(failAfter);
        }

        @Override
        void checkpoint(SqliteWriter writer) throws SQLException {
            failIf(failCheckpoint);
            super.checkpoint(writer);
            checkpoints.incrementAndGet();
        }

        void recover() {
            failBefore = false;
            failAfter = false;
            failCheckpoint = false;
        }

        private void failIf(boolean fails) throws SQLException {
            if (fails) {
                throw new SQLiteException("disk I/O error", code);
            }
        }
    }

    private SqliteJournal open(Path path, int recent, Map<Kind, Retention> retention) {
        SqliteJournal journal = await(SqliteJournal.open(
                path,
                JournalOptions.of(Store.SQLITE, Durability.FSYNC, recent, 1 << 20, Idempotency.DEFAULTS, retention),
                clock,
                disk));
        opened.add(journal);
        return journal;
    }

    private SqliteJournal open(Path path) {
        return open(path, 100, Map.of());
    }

    private void close(Journal journal) {
        opened.remove(journal);
        await(journal.close());
    }

    @AfterEach
    void closeAll() {
        List.copyOf(opened).forEach(this::close);
    }

    private static Code refusal(Future<?> refused) {
        return assertThrows(JournalException.class, () -> await(refused)).code();
    }

    private static Future<List<Receipt>> committing(Journal journal, Append append) {
        return journal.commit(List.of(append));
    }

    @Test
    void afterTheDiskFailedTheLogIsWrittenAgainBeforeTheNextAcknowledgement() {
        SqliteJournal journal = open(folder);
        commit(journal, draft("a", "1"));
        disk.failBefore = true;
        disk.failCheckpoint = true;
        assertEquals(Code.STORAGE_UNAVAILABLE, refusal(committing(journal, named("p", "n", draft("a", "2")))));
        assertEquals(0, disk.checkpoints.get());

        disk.failBefore = false;
        assertEquals(Code.STORAGE_UNAVAILABLE, refusal(committing(journal, named("p", "n", draft("a", "2")))));
        clock.advance(Duration.ofSeconds(5));
        assertEquals(Code.STORAGE_UNAVAILABLE, refusal(journal.check()));
        assertEquals(List.of("1"), data(readAll(journal, 0, ALL, 10)));

        disk.recover();
        Receipt receipt = commit(journal, named("p", "n", draft("a", "2"))).get(0);
        assertEquals(List.of(2L), offsets(receipt.events()));
        assertEquals(1, disk.checkpoints.get());
        await(journal.check());
        commit(journal, draft("a", "3"));
        assertEquals(1, disk.checkpoints.get());
        assertEquals(List.of("1", "2", "3"), data(readAll(journal, 0, ALL, 10)));
    }

    @Test
    void aCommitOfWhichOnlyTheAnswerFailedIsAcknowledged() {
        SqliteJournal journal = open(folder);
        Cursor beginning = journal.beginning();
        disk.code = SQLiteErrorCode.SQLITE_INTERRUPT;
        disk.failAfter = true;
        List<Event> events = commit(journal, keyed("items", "item.created", "k"), draft("a", "2"));
        assertEquals(List.of(1L, 2L), offsets(events));
        disk.recover();
        assertEquals(3, commit(journal, draft("a", "3")).get(0).offset());
        assertEquals(events, readAll(journal, 0, ALL, 10).subList(0, 2));
        assertEquals(List.of(1L), offsets(journal.latest(Kind.ITEMS).events()));
        assertEquals(beginning, journal.beginning());
    }

    @Test
    void afterTheDiskFailedANewEpochBeginsWithWhatIsInTheFile(Vertx vertx) throws Exception {
        SqliteJournal journal = open(folder, 100, keep(Kind.DEPLOYS, events(3)));
        JournalVerticle.registerCodecs(vertx.eventBus());
        await(vertx.deployVerticle(new JournalVerticle(journal)));
        BlockingQueue<Object> delivered = new LinkedBlockingQueue<>();
        await(vertx.eventBus()
                .<Batch>consumer(
                        Batch.ADDRESS,
                        message -> delivered.addAll(message.body().events()))
                .completion());
        await(vertx.eventBus()
                .<NewEpoch>consumer(NewEpoch.ADDRESS, message -> delivered.add(message.body()))
                .completion());
        Appender appender = new Appender(vertx.eventBus());
        Cursor first = await(appender.append(List.of(draft("deploys/1", "1"), draft("deploys/1", "2"))))
                .cursor();
        assertEquals(first.at(1), ((Event) delivered.poll(20, TimeUnit.SECONDS)).cursor());
        assertEquals(first, ((Event) delivered.poll(20, TimeUnit.SECONDS)).cursor());

        disk.failAfter = true;
        disk.failCheckpoint = true;
        Append unlucky =
                named("p", "n", keyed("items", "item.created", "k"), draft("deploys/2", "3"), draft("deploys/2", "4"));
        assertEquals(
                Code.STORAGE_UNAVAILABLE,
                assertThrows(ProblemException.class, () -> await(appender.append(unlucky)))
                        .problem()
                        .code());
        disk.recover();
        Cursor next = await(appender.append(draft("a", "5"))).cursor();
        assertEquals(6, next.offset());
        assertNotEquals(first.epoch(), next.epoch());
        assertEquals(new NewEpoch(next.at(5)), delivered.poll(20, TimeUnit.SECONDS));
        assertEquals(next, ((Event) delivered.poll(20, TimeUnit.SECONDS)).cursor());
        assertEquals(ResumeStatus.FRESH, journal.resumeStatus(first, ALL));
        assertThrows(JournalException.class, () -> await(journal.read(first, 6, ALL, 10)));
        assertEquals(Status.REPEATED, await(appender.append(unlucky)).status());
        assertEquals(List.of(next.at(3)), cursors(journal.latest(Kind.ITEMS).events()));
        assertEquals(List.of(next.at(6)), cursors(readAll(journal, 0, topics("a"), 10)));
        // The commit also evicted the first deploy, which must be known too.
        assertEquals(ResumeStatus.GAP, journal.resumeStatus(journal.beginning(), topics("deploys/**")));
        assertEquals(List.of(), readAll(journal, 0, topics("deploys/1"), 10));
        assertEquals(List.of(next.at(4), next.at(5)), cursors(readAll(journal, 0, topics("deploys/2"), 10)));
        await(vertx.close());
        assertTrue(delivered.isEmpty(), delivered::toString);
        close(journal);
        assertEquals(next, open(folder, 100, keep(Kind.DEPLOYS, events(3))).head());
    }

    private static List<Cursor> cursors(List<Event> events) {
        return events.stream().map(Event::cursor).toList();
    }

    @Test
    void aNewEpochIsAnnouncedThoughNothingFollows(Vertx vertx) throws Exception {
        SqliteJournal journal = open(folder);
        JournalVerticle.registerCodecs(vertx.eventBus());
        await(vertx.deployVerticle(new JournalVerticle(journal)));
        BlockingQueue<NewEpoch> begun = new LinkedBlockingQueue<>();
        await(vertx.eventBus()
                .<NewEpoch>consumer(NewEpoch.ADDRESS, message -> begun.add(message.body()))
                .completion());
        disk.failAfter = true;
        disk.failCheckpoint = true;
        Future<Receipt> unlucky = new Appender(vertx.eventBus()).append(draft("a", "1"));
        assertThrows(ProblemException.class, () -> await(unlucky));
        disk.recover();
        await(journal.retain());
        assertEquals(new NewEpoch(journal.head().at(1)), begun.poll(20, TimeUnit.SECONDS));
        await(vertx.close());
    }

    @Test
    void aCommitThatWasRefusedAndReappearsAfterARestartIsKnownToARetry() {
        SqliteJournal before = open(folder);
        commit(before, draft("a", "1"));
        disk.failAfter = true;
        disk.failCheckpoint = true;
        refusal(committing(before, named("p", "n", draft("a", "2"))));
        Cursor head = before.head();
        close(before);
        disk.recover();

        SqliteJournal after = open(folder);
        assertEquals(head.at(2), after.head());
        Receipt again = commit(after, named("p", "n", draft("a", "2"))).get(0);
        assertEquals(Status.REPEATED, again.status());
        assertEquals(List.of("1", "2"), data(readAll(after, 0, ALL, 10)));
    }

    @Test
    void aFileThatLostAcknowledgedEventsWhileRunningContinuesInANewEpoch() {
        SqliteJournal journal = open(folder);
        commit(journal, "a", 1, 3);
        Cursor head = journal.head();
        await(journal.onConnection(
                writer -> writer.run("DELETE FROM event WHERE offset > 1") + writer.run("DELETE FROM extent")));
        disk.failBefore = true;
        refusal(committing(journal, new Append(List.of(draft("a", "4")))));
        disk.recover();
        Cursor next = commit(journal, draft("a", "4")).get(0).cursor();
        assertEquals(2, next.offset());
        assertNotEquals(head.epoch(), next.epoch());
        assertEquals(ResumeStatus.FRESH, journal.resumeStatus(head, ALL));
        assertEquals(List.of("4"), data(readAll(journal, 1, ALL, 10)));
        close(journal);
        assertEquals(next, open(folder).head());
    }

    /** Copies the files in the state in which a killed process leaves them. */
    private Path copyOf(Path from, String name) throws IOException {
        Path to = Files.createDirectories(folder.resolveSibling(name));
        for (String file : List.of("journal.db", "journal.db-wal", "journal.head")) {
            if (Files.exists(from.resolve(file))) {
                Files.copy(from.resolve(file), to.resolve(file));
            }
        }
        return to;
    }

    private static void truncate(Path file, long size) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.truncate(size);
        }
    }

    @Test
    void aTornLogLosesItsTailAndEndsTheHistory() throws Exception {
        SqliteJournal journal = open(folder);
        for (int i = 1; i <= 50; i++) {
            commit(journal, draft("a", Integer.toString(i)));
        }
        String epoch = journal.head().epoch();
        long length = Files.size(folder.resolve("journal.db-wal"));
        for (long cut : new long[] {length - 1, length / 2, 33, 0}) {
            Path torn = copyOf(folder, "torn" + cut);
            truncate(torn.resolve("journal.db-wal"), cut);
            SqliteJournal after = open(torn);
            assertNotEquals(epoch, after.head().epoch(), "cut at " + cut);
            assertTrue(after.head().offset() < 50);
            List<Event> rest = readAll(after, 0, ALL, 100);
            assertEquals(after.head().offset(), rest.size());
            assertEquals(ResumeStatus.FRESH, after.resumeStatus(journal.head(), ALL));
            assertEquals(
                    after.head().offset() + 1,
                    commit(after, draft("a", "x")).get(0).offset());
        }
        assertEquals(epoch, open(copyOf(folder, "whole")).head().epoch());
    }

    @Test
    void garbageAfterTheLogIsNoEvent() throws Exception {
        SqliteJournal journal = open(folder);
        commit(journal, "a", 1, 5);
        Path copy = copyOf(folder, "copy");
        byte[] garbage = new byte[10_000];
        Arrays.fill(garbage, (byte) 0x37);
        Files.write(copy.resolve("journal.db-wal"), garbage, StandardOpenOption.APPEND);
        assertEquals(journal.head(), open(copy).head());
    }

    @Test
    void anOlderCopyInPlaceOfTheFileEndsTheHistory() throws Exception {
        SqliteJournal journal = open(folder);
        commit(journal, draft("a", "1"));
        Path old = copyOf(folder, "old");
        commit(journal, draft("a", "2"));
        Cursor head = journal.head();
        close(journal);
        Files.copy(folder.resolve("journal.head"), old.resolve("journal.head"), StandardCopyOption.REPLACE_EXISTING);
        SqliteJournal restored = open(old);
        assertEquals(1, restored.head().offset());
        assertNotEquals(head.epoch(), restored.head().epoch());
        Cursor again = restored.head();
        close(restored);
        assertEquals(again, open(old).head());
    }

    @Test
    void aFileWithoutItsMarkEndsTheHistory() throws Exception {
        SqliteJournal journal = open(folder);
        commit(journal, draft("a", "1"));
        Cursor head = journal.head();
        close(journal);
        for (String content : List.of("", "?", "\u0000\u0000")) {
            Files.writeString(folder.resolve("journal.head"), content);
            SqliteJournal after = open(folder);
            assertEquals(1, after.head().offset());
            assertNotEquals(head.epoch(), after.head().epoch());
            close(after);
        }
    }

    @Test
    void aMarkThatIsBehindAsAfterAPowerCutSaysNothing() throws Exception {
        SqliteJournal journal = open(folder);
        commit(journal, "a", 1, 3);
        Cursor head = journal.head();
        close(journal);
        Files.writeString(folder.resolve("journal.head"), head.at(1).toString());
        assertEquals(head, open(folder).head());
    }

    @Test
    void aTruncatedDatabaseIsRefusedAndNamed() throws Exception {
        SqliteJournal journal = open(folder);
        commit(journal, "a", 1, 500);
        close(journal);
        Path file = folder.resolve("journal.db");
        truncate(file, Files.size(file) / 8192 * 4096);
        JournalException refused = assertThrows(JournalException.class, () -> open(folder));
        assertTrue(String.valueOf(refused.getMessage()).startsWith("the journal " + file + " is damaged; move it"));
    }

    @Test
    void damagedPagesAreAGapForReadsAndRefuseEveryWriteAfterwards() throws Exception {
        SqliteJournal before = open(folder, 1, Map.of());
        String pageful = '"' + "x".repeat(3_000) + '"';
        for (int i = 0; i < 600; i++) {
            commit(before, draft("a", pageful));
        }
        close(before);
        Path file = folder.resolve("journal.db");
        try (RandomAccessFile pages = new RandomAccessFile(file.toFile(), "rw")) {
            byte[] damage = new byte[4096];
            Arrays.fill(damage, (byte) 0x5a);
            long pageCount = pages.length() / 4096;
            for (long page = pageCount / 2; page < pageCount / 2 + 20; page++) {
                pages.seek(page * 4096);
                pages.write(damage);
            }
        }
        SqliteJournal journal = open(folder, 1, Map.of());
        List<Long> read = offsets(readAll(journal, 0, ALL, 1000));
        assertTrue(read.size() >= 570 && read.size() < 600, () -> read.size() + " events");
        assertTrue(read.containsAll(List.of(1L, 600L)));
        assertTrue(journal.damage().isPresent());
        refusal(committing(journal, new Append(List.of(draft("b", "2")))));
        clock.advance(Duration.ofSeconds(5));
        JournalException down = assertThrows(JournalException.class, () -> await(journal.check()));
        assertTrue(String.valueOf(down.getMessage()).contains(file + " is damaged"), down::getMessage);
        assertEquals(List.of(600L), offsets(await(journal.readLast(ALL, 1)).events()));
    }

    @Test
    void aReadOnlyFolderIsRefusedAndNamed() throws Exception {
        try (Tmpfs mounted = Tmpfs.mount(folder, "4m")) {
            close(open(folder));
            mounted.readOnly();
            JournalException refused = assertThrows(JournalException.class, () -> open(folder));
            String message = String.valueOf(refused.getMessage());
            assertTrue(message.startsWith("the data folder " + folder + " cannot be used: "), message);
            assertTrue(message.contains("Read-only file system"), message);
        }
    }

    @Test
    void readsBeyondTheBoundOfTheQueueAreRefused() throws Exception {
        open(folder);
        SqliteReaders readers = new SqliteReaders(folder.resolve("journal.db"), 2, () -> {});
        CountDownLatch running = new CountDownLatch(2);
        CountDownLatch go = new CountDownLatch(1);
        SqliteReaders.Read<Boolean> slow = reader -> {
            running.countDown();
            try {
                return go.await(20, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                throw new SQLException(e);
            }
        };
        List<Future<Boolean>> reads = new ArrayList<>(List.of(readers.submit(slow), readers.submit(slow)));
        assertTrue(running.await(20, TimeUnit.SECONDS));
        reads.add(readers.submit(slow));
        reads.add(readers.submit(slow));
        Future<Boolean> tooMany = readers.submit(slow);
        JournalException refused = assertThrows(JournalException.class, () -> await(tooMany));
        assertEquals(Code.STORAGE_UNAVAILABLE, refused.code());
        assertEquals("too many reads are waiting for the disk", refused.getMessage());
        go.countDown();
        for (Future<Boolean> read : reads) {
            assertTrue(await(read));
        }
        assertTrue(await(readers.submit(slow)));
        readers.close();
    }
}
