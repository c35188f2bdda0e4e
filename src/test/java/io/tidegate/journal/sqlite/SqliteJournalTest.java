package io.tidegate.journal.sqlite;

import static io.tidegate.journal.Journaling.PLENTY;
import static io.tidegate.journal.Journaling.await;
import static io.tidegate.journal.Journaling.commit;
import static io.tidegate.journal.Journaling.draft;
import static io.tidegate.journal.Journaling.events;
import static io.tidegate.journal.Journaling.keep;
import static io.tidegate.journal.Journaling.keyed;
import static io.tidegate.journal.Journaling.named;
import static io.tidegate.journal.Journaling.offsets;
import static io.tidegate.journal.Journaling.read;
import static io.tidegate.journal.Journaling.readAll;
import static io.tidegate.journal.Journaling.topics;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidegate.event.Cursor;
import io.tidegate.event.Event;
import io.tidegate.event.Kind;
import io.tidegate.event.Selection;
import io.tidegate.fixture.TestClock;
import io.tidegate.journal.Append;
import io.tidegate.journal.Durability;
import io.tidegate.journal.Journal;
import io.tidegate.journal.JournalException;
import io.tidegate.journal.Page;
import io.tidegate.journal.Receipt;
import io.tidegate.journal.Receipt.Status;
import io.tidegate.journal.ResumeStatus;
import io.tidegate.journal.Snapshot;
import io.tidegate.journal.history.Idempotency;
import io.tidegate.journal.history.JournalOptions;
import io.tidegate.journal.history.JournalOptions.Store;
import io.tidegate.journal.retention.Retention;
import io.tidegate.problem.Code;
import io.vertx.core.Future;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SqliteJournalTest {

    private static final Selection ALL = topics("**");

    private final TestClock clock = new TestClock("2026-03-01T12:00:00.123456789Z");
    private final Path folder;
    private final List<Journal> opened = new ArrayList<>();

    SqliteJournalTest(@TempDir Path temp) {
        this.folder = temp.resolve("deep/data");
    }

    private SqliteJournal open(Durability durability, int recent, Map<Kind, Retention> retention) {
        SqliteJournal journal = await(SqliteJournal.open(
                folder,
                JournalOptions.of(Store.SQLITE, durability, recent, 1 << 20, Idempotency.DEFAULTS, retention),
                clock));
        opened.add(journal);
        return journal;
    }

    private SqliteJournal open(Map<Kind, Retention> retention) {
        return open(Durability.FSYNC, 100, retention);
    }

    private SqliteJournal open() {
        return open(keep(Kind.OTHER, PLENTY));
    }

    private void close(Journal journal) {
        opened.remove(journal);
        await(journal.close());
    }

    @AfterEach
    void closeAll() {
        List.copyOf(opened).forEach(this::close);
    }

    private JournalException refusal() {
        return assertThrows(JournalException.class, this::open);
    }

    private static String pragma(SqliteJournal journal, String name) {
        return await(journal.onConnection(writer -> {
            try (ResultSet row = writer.prepared("PRAGMA " + name).executeQuery()) {
                row.next();
                return row.getString(1);
            }
        }));
    }

    @Test
    void whatWasAcknowledgedIsThereAfterARestart() {
        SqliteJournal before = open();
        List<Event> written = commit(
                before,
                keyed("sessions", "session_created", "b"),
                draft("a", "1"),
                keyed("sessions", "session_created", "a"));
        commit(before, keyed("sessions", "session_updated", "b"), keyed("items", "item.deleted", "x"));
        Cursor head = before.head();
        Snapshot sessions = before.latest(Kind.SESSIONS);
        close(before);

        SqliteJournal after = open();
        assertEquals(head, after.head());
        assertEquals(sessions, after.latest(Kind.SESSIONS));
        assertEquals(List.of(4L, 3L), offsets(after.latest(Kind.SESSIONS).events()));
        assertEquals(written, readAll(after, 0, ALL, 100).subList(0, 3));
        assertEquals(ResumeStatus.CONTINUED, after.resumeStatus(head.at(2), ALL));
        assertEquals(6, commit(after, draft("a", "2")).get(0).offset());
    }

    @Test
    void aGapIsStillKnownAfterARestart() {
        SqliteJournal before = open(keep(Kind.ITEMS, events(2)));
        commit(before, "items", 1, 5);
        close(before);
        SqliteJournal after = open(keep(Kind.ITEMS, events(2)));
        assertEquals(ResumeStatus.GAP, after.resumeStatus(after.head().at(2), topics("items")));
        assertEquals(ResumeStatus.CONTINUED, after.resumeStatus(after.head().at(3), topics("items")));
        assertTrue(read(after, 0, topics("items"), 10).gap());
    }

    @Test
    void aLatestStateThatIsTooLargeIsCutBeforeItIsLoaded() {
        SqliteJournal before = open();
        for (String key : List.of("a", "b", "c", "d")) {
            commit(before, keyed("items", "item.created", key));
        }
        int weight = before.latest(Kind.ITEMS, "d").orElseThrow().weight();
        close(before);
        Retention two = new Retention(100, PLENTY.age(), PLENTY.bytes(), 100, 2L * weight + 1);
        SqliteJournal after = open(keep(Kind.ITEMS, two));
        assertEquals(List.of(3L, 4L), offsets(after.latest(Kind.ITEMS).events()));
    }

    @Test
    void offsetsGoOnAfterEverythingWasEvicted() {
        Map<Kind, Retention> hour =
                keep(Kind.ITEMS, new Retention(10, Duration.ofHours(1), PLENTY.bytes(), 10, 1 << 24));
        hour.put(Kind.DEPLOYS, new Retention(10, Duration.ofHours(1), PLENTY.bytes(), 10, 1 << 24));
        SqliteJournal before = open(hour);
        commit(before, "items", 1, 3);
        commit(before, "deploys/1", 4, 3);
        clock.advance(Duration.ofHours(2));
        await(before.retain());
        assertEquals(List.of(), readAll(before, 0, ALL, 10));
        Cursor head = before.head();
        close(before);

        SqliteJournal after = open(hour);
        assertEquals(head, after.head());
        assertEquals(7, commit(after, draft("items", "7")).get(0).offset());
        assertTrue(read(after, 5, topics("deploys/1"), 10).gap());
    }

    @Test
    void aDeployWhoseRowsWereStillBeingDeletedStaysAwayAfterARestart() {
        SqliteJournal before = open(keep(Kind.DEPLOYS, events(5_000)));
        commit(before, "deploys/1", 0, 4_990);
        // The transaction that evicts the deploy deletes only some of its rows.
        commit(before, "deploys/2", 0, 20);
        close(before);
        SqliteJournal after = open(Durability.FSYNC, 1, keep(Kind.DEPLOYS, events(5_000)));
        assertEquals(20, readAll(after, 0, topics("deploys/**"), 100).size());
        await(after.retain());
        assertEquals("20", await(after.onConnection(writer -> {
            try (ResultSet row = writer.prepared("SELECT count(*) FROM event").executeQuery()) {
                row.next();
                return row.getString(1);
            }
        })));
    }

    @Test
    void heapAndFileGiveTheSamePages() {
        SqliteJournal before = open();
        for (int i = 0; i < 40; i++) {
            commit(before, draft("a", "" + i), keyed("items/" + i % 3, "item.updated", "k\u00e9y" + i));
        }
        List<Selection> selections = List.of(ALL, topics("a"), topics("items/*"), topics("items/1", "a"));
        List<Page> fromHeap = pages(before, selections);
        close(before);
        assertEquals(fromHeap, pages(open(Durability.FSYNC, 1, Map.of()), selections));
    }

    private static List<Page> pages(Journal journal, List<Selection> selections) {
        return selections.stream()
                .flatMap(selection -> Stream.of(
                        read(journal, 0, selection, 7),
                        read(journal, 13, selection, 1000),
                        await(journal.readLast(selection, 5))))
                .toList();
    }

    @Test
    void whatHeapHoldsIsAnsweredAtOnceEvenAfterARestart() {
        SqliteJournal before = open();
        commit(before, "a", 1, 150);
        close(before);
        SqliteJournal after = open();
        assertTrue(after.read(after.head().at(50), 150, ALL, 10).isComplete());
        assertTrue(after.readLast(ALL, 10).isComplete());
        assertEquals(List.of(150L), offsets(read(after, 149, ALL, 10).events()));
    }

    @Test
    void aSecondProcessIsRefused() throws Exception {
        Process holder = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        HoldsLock.class.getName(),
                        folder.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader out =
                new BufferedReader(new InputStreamReader(holder.getInputStream(), StandardCharsets.UTF_8))) {
            assertTrue(String.valueOf(out.readLine()).startsWith("holding"));
            assertEquals(
                    "the data folder " + folder + " is in use by another process",
                    refusal().getMessage());
        } finally {
            holder.getOutputStream().close();
            holder.waitFor();
        }
        open();
    }

    @Test
    void aSecondJournalInThisProcessIsRefused() {
        SqliteJournal first = open();
        assertTrue(String.valueOf(refusal().getMessage()).contains("in use"));
        commit(first, draft("a", "1"));
    }

    @Test
    void aFolderThatCannotBeUsedIsNamed() throws Exception {
        Files.createDirectories(folder.getParent());
        Files.writeString(folder, "a file where the folder should be");
        JournalException refusal = refusal();
        assertEquals(Code.STORAGE_UNAVAILABLE, refusal.code());
        assertTrue(String.valueOf(refusal.getMessage()).contains("the data folder " + folder), refusal::getMessage);
    }

    @Test
    void aFolderInPlaceOfTheFileIsRefusedAndTheLockIsLetGo() throws Exception {
        Files.createDirectories(folder.resolve("journal.db"));
        assertTrue(String.valueOf(refusal().getMessage()).contains(folder.toString()));
        Files.delete(folder.resolve("journal.db"));
        open();
    }

    @Test
    void aFileThatIsNoDatabaseIsRefusedAndLeftAlone() throws Exception {
        Files.createDirectories(folder);
        Path file = folder.resolve("journal.db");
        Files.writeString(file, "this is not a database, and it is long enough to be looked at ".repeat(20));
        byte[] bytes = Files.readAllBytes(file);
        String message = String.valueOf(refusal().getMessage());
        assertTrue(message.contains(file + " is damaged; move it away"), message);
        assertEquals(bytes.length, Files.size(file));
    }

    @Test
    void aFileWithDamagedPagesIsRefused() throws Exception {
        SqliteJournal journal = open();
        commit(journal, "a", 1, 500);
        close(journal);
        Path file = folder.resolve("journal.db");
        byte[] bytes = Files.readAllBytes(file);
        java.util.Arrays.fill(bytes, 4096, bytes.length, (byte) 0x5a);
        Files.write(file, bytes);
        assertTrue(String.valueOf(refusal().getMessage()).contains("is damaged"));
    }

    @Test
    void aSchemaOfAnotherVersionIsRefused() {
        SqliteJournal journal = open();
        await(journal.onConnection(writer -> writer.run("UPDATE meta SET value = '99' WHERE name = 'schema'")));
        close(journal);
        assertTrue(String.valueOf(refusal().getMessage()).contains("has schema 99, this version reads 3"));
    }

    /** Removes the columns of checksums, as in the schema before them. */
    private static int withoutSums(SqliteWriter writer, int schema) throws SQLException {
        return writer.run("ALTER TABLE event DROP COLUMN sum")
                + writer.run("ALTER TABLE latest DROP COLUMN sum")
                + writer.run("ALTER TABLE latest DROP COLUMN first_sum")
                + writer.run("ALTER TABLE extent DROP COLUMN sum")
                + writer.run("UPDATE meta SET value = ? WHERE name = 'schema'", schema);
    }

    @Test
    void aJournalWithoutIdempotencyKeysIsMigrated() {
        SqliteJournal before = open();
        commit(before, draft("a", "1"));
        Cursor head = before.head();
        await(before.onConnection(writer -> writer.run("DROP TABLE claim")));
        migrateFrom(before, 1);
        SqliteJournal after = open();
        assertEquals(head, after.head());
        assertEquals(
                Status.COMMITTED,
                commit(after, named("p", "n", draft("a", "2"))).get(0).status());
    }

    /** Closes the journal and makes its file one of an earlier schema. */
    private void migrateFrom(SqliteJournal journal, int schema) {
        close(journal);
        try (SqliteWriter writer = new SqliteWriter(folder.resolve("journal.db"))) {
            withoutSums(writer, schema);
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void aJournalWithoutChecksumsIsMigrated() {
        SqliteJournal before = open();
        commit(before, draft("a", "1"), keyed("items", "item.created", "k"), keyed("items", "item.created", "l"));
        Cursor head = before.head();
        Snapshot items = before.latest(Kind.ITEMS);
        migrateFrom(before, 2);
        SqliteJournal after = open(Durability.FSYNC, 1, Map.of());
        assertEquals(head, after.head());
        assertEquals(items, after.latest(Kind.ITEMS));
        commit(after, draft("a", "4"), keyed("items", "item.changed", "k"));
        assertEquals(List.of(1L, 2L, 3L, 4L, 5L), offsets(readAll(after, 0, ALL, 10)));
        SqliteVerifier.Result result = SqliteVerifier.verify(folder);
        assertEquals(new SqliteVerifier.Result(List.of(), 2, 3), result);
        close(after);

        SqliteJournal again = open(Durability.FSYNC, 1, Map.of());
        await(again.onConnection(writer -> writer.run("UPDATE event SET sum = NULL WHERE offset = 4")));
        assertEquals(List.of(1L, 2L, 3L), offsets(readAll(again, 0, ALL, 3)).subList(0, 3));
        assertFalse(offsets(readAll(again, 0, ALL, 10)).contains(4L));
    }

    @Test
    void aRepetitionAfterARestartGetsTheFirstAnswer() {
        SqliteJournal before = open();
        Receipt first = commit(before, named("p", "n", draft("a", "1"))).get(0);
        close(before);
        Receipt again = commit(open(Durability.PROCESS, 10, Map.of()), named("p", "n", draft("a", "1")))
                .get(0);
        assertEquals(new Receipt(List.of(), first.cursor(), 1, Durability.FSYNC, Status.REPEATED), again);
    }

    @Test
    void aCommitThatFailedIsNotRemembered() {
        SqliteJournal journal = open();
        await(journal.onConnection(writer ->
                writer.run("CREATE TRIGGER broken BEFORE INSERT ON event BEGIN SELECT raise(ABORT, 'no'); END")));
        Append append = named("p", "n", draft("a", "1"));
        assertThrows(JournalException.class, () -> commit(journal, append));
        await(journal.onConnection(writer -> writer.run("DROP TRIGGER broken")));
        assertEquals(Status.COMMITTED, commit(journal, append).get(0).status());
    }

    @Test
    void onlyTheOwnerMayReadTheFiles() throws Exception {
        SqliteJournal journal = open();
        commit(journal, draft("a", "1"));
        assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(folder)));
        try (Stream<Path> files = Files.list(folder)) {
            List<Path> all = files.toList();
            assertTrue(all.stream().anyMatch(file -> file.toString().endsWith("-wal")), all::toString);
            for (Path file : all) {
                assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
            }
        }
    }

    @Test
    void fsyncForcesEachCommitToTheDisk() {
        SqliteJournal journal = open();
        recordForcing(journal);
        assertEquals("wal", pragma(journal, "journal_mode"));
        assertEquals("5000", pragma(journal, "busy_timeout"));
        assertEquals(Durability.FSYNC, receipt(journal).durability());
        assertEquals(List.of("2"), forced(journal));
    }

    @Test
    void processDoesNotForceEachCommitToTheDisk() {
        SqliteJournal journal = open(Durability.PROCESS, 10, Map.of());
        recordForcing(journal);
        assertEquals(Durability.PROCESS, receipt(journal).durability());
        assertEquals(List.of("1"), forced(journal));
    }

    @Test
    void eachKindIsPromisedItsOwnAndACommitIsAsStrongAsTheStrongestInIt() {
        Map<Kind, Durability> durability = Map.of(Kind.ITEMS, Durability.PROCESS, Kind.SESSIONS, Durability.MEMORY);
        SqliteJournal journal = await(SqliteJournal.open(
                folder,
                new JournalOptions(Store.SQLITE, durability, 10, 1 << 20, 1 << 20, 10, Idempotency.DEFAULTS, Map.of()),
                clock));
        opened.add(journal);
        recordForcing(journal);
        List<Receipt> mixed = commit(
                journal,
                new Append(List.of(draft("items", "1"))),
                new Append(List.of(draft("a", "2"))),
                new Append(List.of(draft("sessions", "3"))),
                new Append(List.of(draft("sessions", "4"), draft("items", "5"))));
        assertEquals(
                List.of(Durability.PROCESS, Durability.FSYNC, Durability.MEMORY, Durability.PROCESS),
                mixed.stream().map(Receipt::durability).toList());
        assertEquals(5, journal.head().offset());
        commit(journal, draft("sessions", "6"), draft("items", "7"));
        commit(journal, draft("items", "8"), draft("a", "9"));
        assertEquals(List.of("2", "2", "2", "2", "2", "1", "1", "2", "2"), forced(journal));
    }

    /** Stores in each event the synchronous mode of its transaction: 2 forces every commit to disk, 1 does not. */
    private static void recordForcing(SqliteJournal journal) {
        await(journal.onConnection(writer -> writer.run("CREATE TABLE forced (mode TEXT)")
                + writer.run("CREATE TRIGGER watch AFTER INSERT ON event BEGIN"
                        + " INSERT INTO forced SELECT synchronous FROM pragma_synchronous; END")));
    }

    private static List<String> forced(SqliteJournal journal) {
        return await(journal.onConnection(writer -> {
            List<String> mode = new ArrayList<>();
            try (ResultSet row = writer.prepared("SELECT mode FROM forced").executeQuery()) {
                while (row.next()) {
                    mode.add(row.getString(1));
                }
            }
            return mode;
        }));
    }

    private static Receipt receipt(Journal journal) {
        return await(journal.commit(List.of(new Append(List.of(draft("a", "1"))))))
                .get(0);
    }

    @Test
    void commitsThatAPowerCutMayHaveUndoneEndTheirHistory() throws Exception {
        SqliteJournal before = open(Durability.PROCESS, 10, Map.of());
        commit(before, draft("a", "1"));
        String epoch = before.head().epoch();
        Path copy = folder.resolveSibling("copy");
        await(before.onConnection(writer -> writer.run("UPDATE meta SET value = 'earlier' WHERE name = 'unsynced'")));
        copyFiles(copy);
        close(before);

        SqliteJournal closedWell = open(Durability.PROCESS, 10, Map.of());
        assertEquals(epoch, closedWell.head().epoch());
        close(closedWell);

        SqliteJournal afterPowerCut = await(SqliteJournal.open(
                copy,
                JournalOptions.of(Store.SQLITE, Durability.FSYNC, 10, 1 << 20, Idempotency.DEFAULTS, Map.of()),
                clock));
        opened.add(afterPowerCut);
        assertNotEquals(epoch, afterPowerCut.head().epoch());
        assertEquals(1, afterPowerCut.head().offset());
        assertEquals(List.of(1L), offsets(readAll(afterPowerCut, 0, ALL, 10)));
    }

    @Test
    void aProcessThatWasKilledLosesNothingItAcknowledged() throws Exception {
        SqliteJournal before = open(Durability.PROCESS, 10, Map.of());
        commit(before, draft("a", "1"), keyed("items", "item.created", "k"));
        Path copy = folder.resolveSibling("copy");
        copyFiles(copy);
        SqliteJournal after = await(SqliteJournal.open(
                copy,
                JournalOptions.of(Store.SQLITE, Durability.PROCESS, 10, 1 << 20, Idempotency.DEFAULTS, Map.of()),
                clock));
        opened.add(after);
        assertEquals(before.head(), after.head());
        assertEquals(before.latest(Kind.ITEMS), after.latest(Kind.ITEMS));
    }

    private void copyFiles(Path to) throws Exception {
        Files.createDirectories(to);
        for (String name : List.of("journal.db", "journal.db-wal", "journal.head")) {
            Files.copy(folder.resolve(name), to.resolve(name));
        }
    }

    @Test
    void aFullDiskRefusesTheCommitAndLeavesNothingOfIt() {
        SqliteJournal journal = open();
        commit(journal, keyed("items", "item.created", "k"));
        Snapshot items = journal.latest(Kind.ITEMS);
        String large = '"' + "x".repeat(500_000) + '"';
        await(journal.onConnection(writer -> {
            try (ResultSet row = writer.prepared("PRAGMA max_page_count = 20").executeQuery()) {
                return row.next();
            }
        }));
        JournalException full = assertThrows(
                JournalException.class, () -> commit(journal, keyed("items", "item.created", "l"), draft("a", large)));
        assertEquals(Code.STORAGE_FULL, full.code());
        assertEquals(1, journal.head().offset());
        assertEquals(items, journal.latest(Kind.ITEMS));
        assertEquals(Optional.empty(), journal.latest(Kind.ITEMS, "l"));
        assertEquals(List.of(1L), offsets(readAll(journal, 0, ALL, 10)));

        // The writer has opened a new connection, which does not have the size limit.
        assertEquals(List.of(2L, 3L), offsets(commit(journal, draft("a", "2"), draft("a", large))));
        assertEquals(2, readAll(journal, 1, topics("a"), 10).size());
    }

    @Test
    void aFailedCommitTakesItsEvictionsBack() {
        SqliteJournal journal = open(Durability.FSYNC, 1, keep(Kind.DEPLOYS, events(3)));
        commit(journal, "deploys/1", 1, 2);
        await(journal.onConnection(writer ->
                writer.run("CREATE TRIGGER broken BEFORE INSERT ON doomed BEGIN SELECT raise(ABORT, 'no'); END")));
        assertThrows(JournalException.class, () -> commit(journal, "deploys/2", 3, 2));
        assertEquals(ResumeStatus.CONTINUED, journal.resumeStatus(journal.beginning(), topics("deploys/**")));
        assertEquals(List.of(1L, 2L), offsets(readAll(journal, 0, topics("deploys/1"), 10)));
        assertEquals(List.of(), readAll(journal, 0, topics("deploys/2"), 10));

        await(journal.onConnection(writer -> writer.run("DROP TRIGGER broken")));
        commit(journal, "deploys/2", 3, 2);
        assertEquals(List.of(3L, 4L), offsets(readAll(journal, 0, topics("deploys/**"), 10)));
    }

    @Test
    void aJournalThatCannotWriteSaysSo() {
        SqliteJournal journal = open();
        await(journal.onConnection(writer ->
                writer.run("CREATE TRIGGER broken BEFORE INSERT ON meta BEGIN SELECT raise(ABORT, 'no'); END")));
        clock.advance(Duration.ofSeconds(5));
        assertEquals(
                Code.STORAGE_UNAVAILABLE,
                assertThrows(JournalException.class, () -> await(journal.check()))
                        .code());
        await(journal.onConnection(writer -> writer.run("DROP TRIGGER broken")));
        await(journal.check());
        assertTrue(journal.check().isComplete(), "a recent proof must suffice");
    }

    @Test
    void aReadThatFailsIsReported() {
        SqliteJournal journal = open(Durability.FSYNC, 1, Map.of());
        commit(journal, "a", 1, 5);
        await(journal.onConnection(writer -> writer.run("ALTER TABLE event RENAME TO hidden")));
        Future<Page> failed = journal.read(journal.beginning(), 5, ALL, 10);
        assertThrows(JournalException.class, () -> await(failed));
        await(journal.onConnection(writer -> writer.run("ALTER TABLE hidden RENAME TO event")));
        assertEquals(5, readAll(journal, 0, ALL, 10).size());
    }

    @Test
    void aClosedJournalRefuses() {
        SqliteJournal journal = open();
        close(journal);
        assertThrows(JournalException.class, () -> commit(journal, draft("a", "1")));
        assertThrows(JournalException.class, () -> await(journal.retain()));
    }

    @Test
    void manyKindsOfReadsShareTheStatements() {
        SqliteJournal journal = open(Durability.FSYNC, 1, Map.of());
        commit(journal, "a", 1, 5);
        String[] patterns =
                Stream.iterate(0, i -> i < 12, i -> i + 1).map(i -> "x" + i).toArray(String[]::new);
        for (int number = 1; number <= patterns.length; number++) {
            String[] some = java.util.Arrays.copyOf(patterns, number);
            some[0] = "a";
            for (String last : List.of("x", "x/y/**", "x/*", "**")) {
                some[number - 1] = number == 1 ? "a" : last;
                assertFalse(readAll(journal, 0, topics(some), 10).isEmpty());
                assertEquals(
                        5, await(journal.readLast(topics(some), 10)).events().size());
            }
        }
    }
}
