package io.tidegate.journal.sqlite;

import static io.tidegate.journal.Journaling.await;
import static io.tidegate.journal.Journaling.commit;
import static io.tidegate.journal.Journaling.draft;
import static io.tidegate.journal.Journaling.topics;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidegate.event.Cursor;
import io.tidegate.event.Draft;
import io.tidegate.event.Event;
import io.tidegate.event.JsonText;
import io.tidegate.event.Kind;
import io.tidegate.event.Selection;
import io.tidegate.journal.Durability;
import io.tidegate.journal.Journal;
import io.tidegate.journal.JournalException;
import io.tidegate.journal.Page;
import io.tidegate.journal.history.Idempotency;
import io.tidegate.journal.history.JournalOptions;
import io.tidegate.journal.history.JournalOptions.Store;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Alters and truncates the files of a journal, then reads everything. No event may be altered, and none may be missing
 * without a gap or a new epoch, and without a finding.
 */
class CorruptionTest {

    private static final List<String> SELECTIONS =
            List.of("**", "sessions", "items", "deploys/**", "deploys/2", "stock/**", "stock/3", "plain");
    private static final List<String> FILES = List.of("journal.db", "journal.db-wal", "journal.head");
    private static final long SEED = 20260701;

    private final Path temp;
    private final Path folder;
    private final Random random = new Random(SEED);
    /** The published events, by offset. */
    private final Map<Long, Event> published = new TreeMap<>();

    private final Map<Kind, List<Event>> lists = new HashMap<>();

    CorruptionTest(@TempDir Path temp) {
        this.temp = temp;
        this.folder = temp.resolve("data");
    }

    private static SqliteJournal open(Path path) {
        return await(SqliteJournal.open(
                path,
                JournalOptions.of(Store.SQLITE, Durability.FSYNC, 2, 1 << 20, Idempotency.DEFAULTS, Map.of()),
                Clock.systemUTC()));
    }

    private Cursor fill(Journal journal) {
        for (int i = 0; i < 40; i++) {
            commit(
                    journal,
                    member("sessions", "session.created", "session_id", "s" + i % 10),
                    member("items", "item.created", "part_number", "p" + i),
                    draft("deploys/" + i % 5, text(i)),
                    draft("stock/" + i % 7, text(i)),
                    draft("plain", i % 10 == 0 ? text(i).replace("x", "long ".repeat(450)) : text(i)));
        }
        for (Event event : readAll(journal, topics("**")).events()) {
            published.put(event.offset(), event);
        }
        for (Kind kind : Kind.values()) {
            lists.put(kind, journal.latest(kind).events());
        }
        return journal.head();
    }

    private static Draft member(String topic, String type, String name, String key) {
        return Draft.of(topic, type, key, JsonText.trusted("{\"" + name + "\":\"" + key + "\",\"note\":\"ordinary\"}"));
    }

    private static String text(int i) {
        return "{\"number\":" + i + ",\"text\":\"x\"}";
    }

    private record Reading(List<Event> events, boolean gap) {}

    private static Reading readAll(Journal journal, Selection selection) {
        List<Event> events = new ArrayList<>();
        boolean gap = false;
        Cursor position = journal.beginning();
        boolean more = true;
        while (more) {
            Page page = await(journal.read(position, journal.head().offset(), selection, 1000));
            events.addAll(page.events());
            gap |= page.gap();
            position = page.next();
            more = page.more();
        }
        return new Reading(events, gap);
    }

    /** Returns whether the copy differs from the original in any way that a reader could see. */
    private boolean examine(Path copy, Cursor head, String context) {
        SqliteJournal journal;
        try {
            journal = open(copy);
        } catch (JournalException refused) {
            assertTrue(String.valueOf(refused.getMessage()).contains(copy.toString()), context);
            return true;
        }
        try {
            boolean fresh = !journal.head().epoch().equals(head.epoch());
            boolean differs = fresh;
            for (String pattern : SELECTIONS) {
                differs |= examine(journal, topics(pattern), fresh, context + " " + pattern);
            }
            for (Kind kind : Kind.values()) {
                List<Event> list = journal.latest(kind).events();
                if (!fresh) {
                    assertEquals(lists.get(kind), list, context);
                }
                list.forEach(member -> assertSame(member, context));
            }
            Page last = await(journal.readLast(topics("**"), 300));
            last.events().forEach(event -> assertSame(event, context));
            if (!fresh && !last.gap()) {
                assertEquals(published.size(), last.events().size(), context);
            }
            if (differs && !fresh) {
                assertTrue(journal.damage().isPresent(), context);
            }
            assertEquals(
                    journal.damage().isPresent() && !fresh,
                    !SqliteVerifier.verify(copy).findings().isEmpty() && !fresh,
                    context);
            return differs;
        } finally {
            await(journal.close());
        }
    }

    private boolean examine(Journal journal, Selection selection, boolean fresh, String context) {
        Reading reading;
        try {
            reading = readAll(journal, selection);
        } catch (JournalException failed) {
            return true;
        }
        reading.events().forEach(event -> assertSame(event, context));
        long expected = published.values().stream().filter(selection::matches).count();
        assertEquals(
                reading.events().size(),
                reading.events().stream().map(Event::offset).distinct().count(),
                context);
        if (!reading.gap() && !fresh) {
            assertEquals(expected, reading.events().size(), context + ": events are missing without a gap");
        }
        return reading.gap() || reading.events().size() < expected;
    }

    private void assertSame(Event event, String context) {
        Event original = Objects.requireNonNull(published.get(event.offset()), context);
        assertEquals(original.data(), event.data(), context);
        assertEquals(original.topic(), event.topic(), context);
        assertEquals(original.type(), event.type(), context);
        assertEquals(original.key(), event.key(), context);
        assertEquals(original.time(), event.time(), context);
    }

    private Path copy(String name) throws IOException {
        Path to = Files.createDirectories(temp.resolve(name));
        for (String file : FILES) {
            if (Files.exists(folder.resolve(file))) {
                Files.copy(folder.resolve(file), to.resolve(file));
            }
        }
        return to;
    }

    private String flip(Path file) throws IOException {
        try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
            long place = (long) (random.nextDouble() * bytes.length());
            bytes.seek(place);
            int old = bytes.read();
            int now = (old + 1 + random.nextInt(255)) & 0xff;
            bytes.seek(place);
            bytes.write(now);
            return file.getFileName() + " byte " + place + " from " + old + " to " + now;
        }
    }

    private static void cut(Path file, double part) throws IOException {
        try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
            bytes.setLength((long) (part * bytes.length()));
        }
    }

    @Test
    void noFlippedByteOfTheFileIsDelivered() throws Exception {
        SqliteJournal journal = open(folder);
        Cursor head = fill(journal);
        await(journal.close());
        assertFalse(Files.exists(folder.resolve("journal.db-wal")));
        int visible = 0;
        for (int i = 0; i < 200; i++) {
            Path copy = copy("flip" + i);
            visible += examine(copy, head, flip(copy.resolve("journal.db"))) ? 1 : 0;
        }
        assertTrue(visible > 20, visible + " of 200 flipped bytes were noticed");
    }

    @Test
    void noFlippedByteOfTheLogIsDelivered() throws Exception {
        SqliteJournal journal = open(folder);
        Cursor head = fill(journal);
        int visible = 0;
        for (int i = 0; i < 40; i++) {
            Path copy = copy("flip" + i);
            visible += examine(copy, head, flip(copy.resolve("journal.db-wal"))) ? 1 : 0;
        }
        await(journal.close());
        assertTrue(visible > 10, visible + " of 40 flipped bytes were noticed");
    }

    @Test
    void noTruncationIsSilent() throws Exception {
        SqliteJournal journal = open(folder);
        Cursor head = fill(journal);
        for (int i = 0; i < 10; i++) {
            Path copy = copy("log" + i);
            cut(copy.resolve("journal.db-wal"), i / 10.0);
            assertTrue(examine(copy, head, "log cut at " + i));
        }
        await(journal.close());
        for (int i = 0; i < 10; i++) {
            Path copy = copy("file" + i);
            cut(copy.resolve("journal.db"), i / 10.0);
            assertTrue(examine(copy, head, "file cut at " + i));
        }
    }

    @Test
    void aRowThatIsAlteredWhileTheJournalRunsIsAGapAndTheOthersAreDelivered() throws Exception {
        SqliteJournal journal = open(folder);
        fill(journal);
        alter(
                "UPDATE event SET data = replace(data, 'x', 'y') WHERE offset = 53",
                "UPDATE event SET topic = 'other' WHERE offset = 60");
        assertEquals(Optional.empty(), journal.damage());
        Reading all = readAll(journal, topics("**"));
        assertTrue(all.gap());
        assertEquals(published.size() - 2, all.events().size());
        assertEquals(Optional.of("2 events are missing or do not match their checksums"), journal.damage());
        Page before = await(journal.read(journal.head().at(40), 200, topics("**"), 1000));
        assertFalse(before.gap());
        assertEquals(52, before.next().offset());
        assertTrue(before.more());
        Page after = await(journal.read(before.next(), 200, topics("**"), 3));
        assertTrue(after.gap());
        assertEquals(
                List.of(54L, 55L, 56L),
                after.events().stream().map(Event::offset).toList());
        commit(journal, draft("plain", "1"));
        await(journal.close());
    }

    @Test
    void aPageThatCannotBeReadIsAGapAndTheOthersAreDelivered() throws Exception {
        SqliteJournal journal = open(folder);
        Cursor head = fill(journal);
        await(journal.close());
        Path file = folder.resolve("journal.db");
        byte[] bytes = Files.readAllBytes(file);
        byte[] text = "{\"number\":20,\"telong".getBytes(US_ASCII);
        int found = IntStream.range(0, bytes.length - text.length)
                .filter(i -> Arrays.equals(bytes, i, i + text.length, text, 0, text.length))
                .findFirst()
                .orElseThrow();
        int page = found / 4096 * 4096;
        Arrays.fill(bytes, page, page + 4096, (byte) 0x5a);
        Files.write(file, bytes);
        SqliteJournal damaged = open(folder);
        Reading all = readAll(damaged, topics("**"));
        assertTrue(all.gap());
        assertTrue(
                all.events().size() > published.size() / 2, () -> all.events().size() + " events");
        all.events().forEach(event -> assertSame(event, "after the damage"));
        assertTrue(damaged.damage().isPresent());
        // Nothing is written to a file whose structure is damaged.
        assertThrows(JournalException.class, () -> commit(damaged, draft("plain", "1")));
        assertEquals(head, damaged.head());
        await(damaged.close());
    }

    /** Changes rows of the file without their checksums. */
    private void alter(String... updates) throws SQLException {
        try (Connection other = Sqlite.writer(folder.resolve("journal.db"));
                Statement statement = other.createStatement()) {
            for (String update : updates) {
                statement.executeUpdate(update);
            }
        }
    }

    @Test
    void membersAreRestoredFromTheirEvents() throws Exception {
        SqliteJournal journal = open(folder);
        Cursor head = fill(journal);
        alter("UPDATE latest SET data = '{}' WHERE key = 's3'");
        await(journal.close());
        assertEquals(
                List.of("the latest state of sessions s3 does not match its checksum"),
                SqliteVerifier.verify(folder).findings());
        SqliteJournal after = open(folder);
        assertEquals(head, after.head());
        assertEquals(lists.get(Kind.SESSIONS), after.latest(Kind.SESSIONS).events());
        assertEquals(List.of(), SqliteVerifier.verify(folder).findings());
        await(after.close());
    }

    @Test
    void membersThatCannotBeRestoredEndTheHistory() throws Exception {
        SqliteJournal journal = open(folder);
        Cursor head = fill(journal);
        alter("UPDATE latest SET time = 1 WHERE key = 's3'", "UPDATE extent SET floor = 190 WHERE kind = 'sessions'");
        await(journal.close());
        SqliteJournal after = open(folder);
        assertNotEquals(head.epoch(), after.head().epoch());
        assertEquals(9, after.latest(Kind.SESSIONS).events().size());
        assertEquals(published.size(), readAll(after, topics("**")).events().size());
        assertEquals(Optional.of("2 rows of the state did not match their checksums at the start"), after.damage());
        assertEquals(List.of(), SqliteVerifier.verify(folder).findings());
        await(after.close());
    }
}
