package io.tidegate.journal;

import static io.tidegate.journal.Journaling.PLENTY;
import static io.tidegate.journal.Journaling.await;
import static io.tidegate.journal.Journaling.commit;
import static io.tidegate.journal.Journaling.data;
import static io.tidegate.journal.Journaling.draft;
import static io.tidegate.journal.Journaling.events;
import static io.tidegate.journal.Journaling.keep;
import static io.tidegate.journal.Journaling.keyed;
import static io.tidegate.journal.Journaling.named;
import static io.tidegate.journal.Journaling.offsets;
import static io.tidegate.journal.Journaling.read;
import static io.tidegate.journal.Journaling.readAll;
import static io.tidegate.journal.Journaling.topics;
import static io.tidegate.journal.Journaling.types;
import static io.tidegate.journal.Journaling.withIds;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidegate.event.Cursor;
import io.tidegate.event.Event;
import io.tidegate.event.Kind;
import io.tidegate.event.Selection;
import io.tidegate.fixture.TestClock;
import io.tidegate.journal.Receipt.Status;
import io.tidegate.journal.history.Idempotency;
import io.tidegate.journal.retention.Retention;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The contract of every journal. */
public abstract class JournalContract {

    final TestClock clock = new TestClock("2026-03-01T12:00:00.123456789Z");
    private final List<Journal> opened = new ArrayList<>();

    protected abstract Journal create(Clock clock, Map<Kind, Retention> retention, Idempotency idempotency)
            throws Exception;

    Journal journal(Map<Kind, Retention> retention) throws Exception {
        Journal journal = create(clock, retention, new Idempotency(3, Duration.ofHours(1)));
        opened.add(journal);
        return journal;
    }

    protected Journal journal() throws Exception {
        return journal(keep(Kind.OTHER, PLENTY));
    }

    @AfterEach
    void close() {
        opened.forEach(journal -> await(journal.close()));
    }

    @Test
    void offsetsFollowOneAnotherAcrossAppendsAndCommits() throws Exception {
        Journal journal = journal();
        List<Receipt> receipts = await(journal.commit(List.of(
                new Append(List.of(draft("a", "1"), draft("sessions", "2"))), new Append(List.of(draft("a", "3"))))));
        List<Event> later = commit(journal, "items", 4, 2);

        assertEquals(List.of(1L, 2L), offsets(receipts.get(0).events()));
        assertEquals(List.of(3L), offsets(receipts.get(1).events()));
        assertEquals(List.of(4L, 5L), offsets(later));
        assertEquals(journal.head(), later.get(1).cursor());
        assertEquals(journal.head().epoch(), receipts.get(0).cursor().epoch());
        assertEquals(List.of("1", "2", "3", "4", "5"), data(readAll(journal, 0, topics("**"), 100)));
    }

    @Test
    void aRequestThatIsRepeatedGetsTheFirstAnswerAndCommitsNothing() throws Exception {
        Journal journal = journal();
        Receipt first = commit(journal, named("p", "n", draft("a", "1"), draft("a", "2")))
                .get(0);
        commit(journal, draft("a", "3"));
        Receipt again = commit(journal, named("p", "n", draft("a", "1"), draft("a", "2")))
                .get(0);
        assertEquals(new Receipt(List.of(), first.cursor(), 2, first.durability(), Status.REPEATED), again);
        assertEquals(Status.COMMITTED, first.status());
        assertEquals(2, first.cursor().offset());
        assertEquals(3, journal.head().offset());
        assertEquals(List.of("1", "2", "3"), data(readAll(journal, 0, topics("**"), 10)));
    }

    @Test
    void aRepetitionInTheSameCommitGetsTheSameAnswer() throws Exception {
        Journal journal = journal();
        Append append = named("p", "n", draft("a", "1"));
        List<Receipt> receipts = commit(journal, append, new Append(List.of(draft("a", "2"))), append);
        assertEquals(List.of(1L), offsets(receipts.get(0).events()));
        assertEquals(receipts.get(0).cursor(), receipts.get(2).cursor());
        assertEquals(Status.REPEATED, receipts.get(2).status());
        assertEquals(2, journal.head().offset());
    }

    @Test
    void aNameForSomethingElseIsRefusedAloneAndLeavesNothing() throws Exception {
        Journal journal = journal();
        commit(journal, named("p", "n", draft("a", "1")));
        List<Receipt> receipts = commit(
                journal,
                named("p", "n", draft("a", "2")),
                named("p", "n", draft("b", "1")),
                withIds("p", List.of("x", "x"), draft("a", "3"), draft("a", "4")),
                named("p", "m", draft("a", "5")));
        assertEquals(
                List.of(Status.MISMATCH, Status.MISMATCH, Status.MISMATCH, Status.COMMITTED),
                receipts.stream().map(Receipt::status).toList());
        assertEquals(List.of(2L), offsets(receipts.get(3).events()));
        assertEquals(List.of("1", "5"), data(readAll(journal, 0, topics("**"), 10)));
        Receipt free =
                commit(journal, withIds("p", List.of("x"), draft("a", "3"))).get(0);
        assertEquals(Status.COMMITTED, free.status());
    }

    @Test
    void theNamesOfTwoPublishersNeverMeet() throws Exception {
        Journal journal = journal();
        commit(journal, named("p", "n", draft("a", "1")));
        assertEquals(
                Status.COMMITTED,
                commit(journal, named("q", "n", draft("a", "2"))).get(0).status());
        assertEquals(
                Status.COMMITTED,
                commit(journal, withIds("p", List.of("n"), draft("a", "3")))
                        .get(0)
                        .status());
    }

    @Test
    void ofARequestThatIsPartlyKnownTheRestIsCommitted() throws Exception {
        Journal journal = journal();
        commit(journal, withIds("p", List.of("x", "y"), draft("a", "1"), draft("a", "2")));
        Receipt rest = commit(
                        journal,
                        withIds("p", List.of("y", "z", "z"), draft("a", "2"), draft("a", "3"), draft("a", "3")))
                .get(0);
        assertEquals(List.of(3L), offsets(rest.events()));
        assertEquals(3, rest.count());
        assertEquals(3, rest.cursor().offset());
        Receipt known =
                commit(journal, withIds("p", List.of("y"), draft("a", "2"))).get(0);
        assertEquals(new Receipt(List.of(), rest.cursor().at(2), 1, rest.durability(), Status.REPEATED), known);
    }

    @Test
    void aNameIsForgottenWithAge() throws Exception {
        Journal journal = journal();
        commit(journal, named("p", "n", draft("a", "1")));
        clock.advance(Duration.ofMinutes(59));
        Append other = named("p", "n", draft("a", "2"));
        assertEquals(Status.MISMATCH, commit(journal, other).get(0).status());
        clock.advance(Duration.ofMinutes(2));
        assertEquals(Status.COMMITTED, commit(journal, other).get(0).status());
        assertEquals(Status.REPEATED, commit(journal, other).get(0).status());
    }

    @Test
    void beyondTheBoundTheOldestNamesAreForgotten() throws Exception {
        Journal journal = journal();
        for (int i = 0; i < 10; i++) {
            commit(journal, named("p", "n" + i, draft("a", "" + i)));
        }
        await(journal.retain());
        List<Status> again = IntStream.of(9, 8, 7, 6)
                .mapToObj(i -> commit(journal, named("p", "n" + i, draft("a", "" + i)))
                        .get(0)
                        .status())
                .toList();
        assertEquals(List.of(Status.REPEATED, Status.REPEATED, Status.REPEATED, Status.COMMITTED), again);
    }

    @Test
    void whatIsReadIsWhatWasAcknowledged() throws Exception {
        Journal journal = journal();
        List<Event> receipt = commit(
                journal,
                keyed("sessions/1", "session_created", "k \u00e9 \ud83d\ude00"),
                draft("deploys/1", "{\"line\":\"\u0085 \u2028\"}"));
        assertEquals(receipt, readAll(journal, 0, topics("**"), 10));
    }

    @Test
    void theLatestStateHasOneEventPerLiveKeyInOrderOfAppearance() throws Exception {
        Journal journal = journal();
        commit(
                journal,
                keyed("sessions", "session_created", "a"),
                keyed("sessions", "session_created", "b"),
                keyed("sessions", "session_created", "c"),
                draft("sessions", "0"),
                keyed("sessions", "session_updated", "a"),
                keyed("sessions", "session_terminated", "b"));
        assertEquals(List.of(5L, 3L), offsets(journal.latest(Kind.SESSIONS).events()));
        assertEquals(journal.head(), journal.latest(Kind.SESSIONS).cursor());
        assertEquals(Optional.empty(), journal.latest(Kind.SESSIONS, "b"));

        commit(journal, keyed("sessions", "session_terminated", "a"), keyed("sessions", "session_created", "a"));
        assertEquals(List.of(3L, 8L), offsets(journal.latest(Kind.SESSIONS).events()));
        assertEquals(8, journal.latest(Kind.SESSIONS, "a").orElseThrow().offset());
        assertEquals(List.of(), journal.latest(Kind.ITEMS).events());
    }

    @Test
    void theLatestStateOutlivesTheHistoryOfItsKeys() throws Exception {
        Journal journal = journal(keep(Kind.SESSIONS, events(1)));
        commit(journal, keyed("sessions", "session_created", "a"), keyed("sessions", "session_created", "b"));
        assertEquals(List.of(1L, 2L), offsets(journal.latest(Kind.SESSIONS).events()));
        assertEquals(List.of(2L), offsets(readAll(journal, 0, topics("sessions"), 10)));
    }

    @Test
    void beyondTheBoundOfKeysTheOldestKeyIsForgotten() throws Exception {
        Journal journal = journal(keep(Kind.ITEMS, new Retention(100, PLENTY.age(), PLENTY.bytes(), 2, 1 << 24)));
        commit(
                journal,
                keyed("items", "item.created", "a"),
                keyed("items", "item.created", "b"),
                keyed("items", "item.created", "c"));
        await(journal.retain());
        assertEquals(List.of(2L, 3L), offsets(journal.latest(Kind.ITEMS).events()));
        assertEquals(Optional.empty(), journal.latest(Kind.ITEMS, "a"));
    }

    /**
     * Retention considers the surplus of earlier commits, and must not remove a key that has since ended and begun
     * again.
     */
    @Test
    void aSurplusKeyThatEndsAndBeginsAgainInOneCommitKeepsItsNewState() throws Exception {
        Journal journal = journal(keep(Kind.ITEMS, new Retention(100, PLENTY.age(), PLENTY.bytes(), 2, 1 << 24)));
        for (String key : List.of("a", "b", "c")) {
            commit(journal, keyed("items", "item.created", key));
        }
        commit(journal, keyed("items", "item.deleted", "a"), keyed("items", "item.created", "a"));
        commit(journal, keyed("sessions", "session_created", "s"));
        assertEquals(5, journal.latest(Kind.ITEMS, "a").orElseThrow().offset());
        assertEquals(List.of(3L, 5L), offsets(journal.latest(Kind.ITEMS).events()));
    }

    @Test
    void aCursorStandsWhereItsHistoryCanBeContinued() throws Exception {
        Journal journal = journal(keep(Kind.ITEMS, events(2)));
        Selection items = topics("items");
        assertEquals(ResumeStatus.CONTINUED, journal.resumeStatus(journal.head(), items));
        commit(journal, "items", 1, 5);

        assertEquals(ResumeStatus.CONTINUED, journal.resumeStatus(journal.head(), items));
        assertEquals(ResumeStatus.CONTINUED, journal.resumeStatus(journal.head().at(3), items));
        assertEquals(ResumeStatus.GAP, journal.resumeStatus(journal.head().at(2), items));
        assertEquals(ResumeStatus.GAP, journal.resumeStatus(journal.head().at(6), items));
        assertEquals(ResumeStatus.FRESH, journal.resumeStatus(new Cursor("another", 4), items));
        assertEquals(ResumeStatus.CONTINUED, journal.resumeStatus(journal.beginning(), topics("sessions")));
        assertEquals(ResumeStatus.GAP, journal.resumeStatus(journal.beginning(), topics("sessions", "items")));
        assertEquals(3, journal.oldest(items).offset());
        assertEquals(0, journal.oldest(topics("sessions")).offset());
    }

    @Test
    void aReadStopsAtItsLimitAndGoesOnFromThere() throws Exception {
        Journal journal = journal();
        commit(journal, "a", 1, 5);
        Page first = read(journal, 0, topics("a"), 2);
        assertEquals(List.of("1", "2"), data(first.events()));
        assertEquals(2, first.next().offset());
        assertTrue(first.more());
        Page second = read(journal, first.next().offset(), topics("a"), 3);
        assertEquals(List.of("3", "4", "5"), data(second.events()));
        assertEquals(5, second.next().offset());
        assertFalse(second.more());
        assertFalse(second.gap());
    }

    @Test
    void aReadEndsWhereItWasTold() throws Exception {
        Journal journal = journal();
        commit(journal, "a", 1, 5);
        Page page = await(journal.read(journal.beginning(), 3, topics("a"), 10));
        assertEquals(List.of("1", "2", "3"), data(page.events()));
        assertEquals(3, page.next().offset());
        assertFalse(page.more());
        Page nothing = await(journal.read(journal.head(), 5, topics("a"), 10));
        assertEquals(new Page(List.of(), journal.head(), false, false), nothing);
        assertEquals(
                5,
                await(journal.read(journal.beginning(), 99, topics("a"), 10))
                        .next()
                        .offset());
    }

    @Test
    void aReadMovesOverWhatDoesNotMatch() throws Exception {
        Journal journal = journal();
        commit(journal, "a", 1, 3);
        commit(journal, "b", 4, 2);
        Page page = read(journal, 0, topics("c"), 10);
        assertEquals(List.of(), page.events());
        assertEquals(5, page.next().offset());
        assertFalse(page.more());
    }

    @Test
    void patternsTypesAndGrantsSelect() throws Exception {
        Journal journal = journal();
        commit(
                journal,
                draft("deploys", "1"),
                draft("deploys/1", "2"),
                draft("deploys/1/logs", "3"),
                draft("deploys/10", "4"),
                draft("other/x", "5"),
                keyed("items/p", "item.created", "p"));
        assertEquals(List.of(1L, 2L, 3L, 4L), offsets(readAll(journal, 0, topics("deploys/**"), 2)));
        assertEquals(List.of(2L, 4L), offsets(readAll(journal, 0, topics("deploys/*"), 2)));
        assertEquals(List.of(2L, 3L), offsets(readAll(journal, 0, topics("deploys/1/**"), 2)));
        assertEquals(List.of(3L), offsets(readAll(journal, 0, topics("*/1/logs"), 2)));
        assertEquals(
                List.of(2L, 4L, 5L), offsets(readAll(journal, 0, topics("other/**", "deploys/1", "deploys/10"), 2)));
        assertEquals(List.of(2L, 3L), offsets(readAll(journal, 0, topics("deploys/1", "deploys/1/**"), 2)));
        assertEquals(List.of(6L), offsets(readAll(journal, 0, types("**", "item.*"), 2)));
        Selection granted = new Selection(
                topics("**").topics(), List.of(), topics("other/**").topics());
        assertEquals(List.of(5L), offsets(readAll(journal, 0, granted, 2)));
        assertEquals(List.of(), readAll(journal, 0, new Selection(List.of(), List.of(), List.of()), 2));
    }

    @Test
    void aPageIsBoundedByWeight() throws Exception {
        Journal journal = journal();
        String large = '"' + "x".repeat(400_000) + '"';
        commit(journal, draft("a", large), draft("a", large), draft("a", large), draft("a", large));
        Page page = read(journal, 0, topics("a"), 100);
        assertEquals(List.of(1L, 2L, 3L), offsets(page.events()));
        assertTrue(page.more());
        assertEquals(4, readAll(journal, 0, topics("a"), 100).size());
    }

    @Test
    void aReadLooksAtABoundedNumberOfEvents() throws Exception {
        Journal journal = journal();
        commit(journal, "a", 0, Journal.SCAN + 5);
        commit(journal, draft("b", "0"), keyed("a", "rare", "k"));
        for (Selection rare : List.of(types("a", "rare"), types("**", "rare"), types("a/**", "rare"))) {
            Page page = read(journal, 0, rare, 10);
            assertEquals(List.of(), page.events());
            assertTrue(page.more());
            assertEquals(Journal.SCAN, page.next().offset());
            assertEquals(1, readAll(journal, 0, rare, 10).size());
        }
        assertFalse(await(journal.readLast(types("**", "rare"), 1)).more());
        assertTrue(await(journal.readLast(types("**", "rarest"), 1)).more());
    }

    @Test
    void theLastEventsComeInOrder() throws Exception {
        Journal journal = journal();
        assertEquals(List.of(), await(journal.readLast(topics("**"), 5)).events());
        commit(journal, draft("a", "1"), draft("sessions", "2"), draft("a", "3"), draft("items", "4"), draft("a", "5"));
        Page two = await(journal.readLast(topics("a"), 2));
        assertEquals(List.of("3", "5"), data(two.events()));
        assertEquals(journal.head(), two.next());
        assertFalse(two.more());
        Page all = await(journal.readLast(topics("**"), 10));
        assertEquals(List.of("1", "2", "3", "4", "5"), data(all.events()));
        assertFalse(all.gap());
        assertEquals(
                List.of("1", "3", "5"),
                data(await(journal.readLast(topics("a"), 10)).events()));
    }

    @Test
    void retentionByCountKeepsTheNewest() throws Exception {
        Journal journal = journal(keep(Kind.ITEMS, events(3)));
        commit(journal, "items", 1, 2);
        commit(journal, "sessions", 0, 2);
        commit(journal, "items", 3, 3);
        Page page = read(journal, 0, topics("items"), 10);
        assertEquals(List.of("3", "4", "5"), data(page.events()));
        assertTrue(page.gap());
        assertFalse(read(journal, 2, topics("items"), 10).gap());
        assertEquals(2, readAll(journal, 0, topics("sessions"), 10).size());
    }

    @Test
    void retentionByBytesKeepsTheNewest() throws Exception {
        Journal journal = journal(keep(Kind.ITEMS, new Retention(100, PLENTY.age(), 450, 10, 1 << 24)));
        List<Event> events = commit(journal, "items", 10, 5);
        assertEquals(142, events.get(0).weight());
        assertEquals(List.of("12", "13", "14"), data(readAll(journal, 0, topics("items"), 10)));
    }

    @Test
    void retentionByAgeAppliesToAQuietJournalToo() throws Exception {
        Journal journal =
                journal(keep(Kind.ITEMS, new Retention(100, Duration.ofHours(1), PLENTY.bytes(), 10, 1 << 24)));
        commit(journal, "items", 1, 2);
        clock.advance(Duration.ofMinutes(40));
        commit(journal, "items", 3, 1);
        clock.advance(Duration.ofMinutes(40));
        commit(journal, "sessions", 0, 1);
        assertEquals(List.of("3"), data(readAll(journal, 0, topics("items"), 10)));
        clock.advance(Duration.ofMinutes(40));
        await(journal.retain());
        assertEquals(List.of(), data(readAll(journal, 0, topics("items"), 10)));
        assertEquals(
                List.of(), data(await(journal.readLast(topics("items"), 10)).events()));
        assertEquals(3, journal.oldest(topics("items")).offset());
        assertEquals(List.of(5L), offsets(commit(journal, "items", 5, 1)));
    }

    @Test
    void retentionThatIsFarBehindCatchesUp() throws Exception {
        Journal journal = journal(keep(Kind.ITEMS, events(10)));
        commit(journal, "items", 0, 5_000);
        await(journal.retain());
        assertEquals(10, readAll(journal, 0, topics("items"), 100).size());
        assertEquals(4_990, journal.oldest(topics("items")).offset());
    }

    @Test
    void aDeployLeavesWholeWhenItsNewestEventIsTooOld() throws Exception {
        Journal journal =
                journal(keep(Kind.DEPLOYS, new Retention(100, Duration.ofHours(1), PLENTY.bytes(), 10, 1 << 24)));
        commit(journal, keyed("deploys/1", "deploy_status", "1"), keyed("deploys/2", "deploy_status", "2"));
        clock.advance(Duration.ofMinutes(40));
        commit(journal, draft("deploys/2", "3"));
        clock.advance(Duration.ofMinutes(40));
        await(journal.retain());

        assertEquals(List.of(2L, 3L), offsets(readAll(journal, 0, topics("deploys/**"), 10)));
        assertEquals(List.of(2L), offsets(journal.latest(Kind.DEPLOYS).events()));
        assertEquals(Optional.empty(), journal.latest(Kind.DEPLOYS, "1"));
        // A reader of the retained deploy has missed no event; a reader of both deploys has.
        assertFalse(read(journal, 0, topics("deploys/2"), 10).gap());
        assertTrue(read(journal, 0, topics("deploys/1"), 10).gap());
        assertTrue(read(journal, 0, topics("deploys/**"), 10).gap());
        assertTrue(read(journal, 0, topics("deploys/1", "deploys/2"), 10).gap());
        assertEquals(ResumeStatus.CONTINUED, journal.resumeStatus(journal.head().at(1), topics("deploys/**")));
    }

    @Test
    void beyondTheCountTheDeployThatWasQuietForLongestLeavesWhole() throws Exception {
        Journal journal = journal(keep(Kind.DEPLOYS, events(10)));
        commit(journal, "deploys/1", 1, 4);
        commit(journal, "deploys/2", 5, 4);
        commit(journal, "deploys/1", 9, 3);
        assertEquals(List.of(1L, 2L, 3L, 4L, 9L, 10L, 11L), offsets(readAll(journal, 0, topics("deploys/**"), 3)));
        assertEquals(8, journal.oldest(topics("deploys/**")).offset());
    }

    @Test
    void aDeployThatBeginsAgainDoesNotHideThatItLeft() throws Exception {
        Journal journal = journal(keep(Kind.DEPLOYS, events(3)));
        commit(journal, "deploys/1", 1, 2);
        commit(journal, "deploys/2", 3, 2);
        commit(journal, "deploys/1", 5, 1);
        Page page = read(journal, 1, topics("deploys/1"), 10);
        assertEquals(List.of("5"), data(page.events()));
        assertTrue(page.gap());
        assertFalse(read(journal, 2, topics("deploys/1"), 10).gap());
    }

    @Test
    void aLargeDeployLeavesAtOnceForReaders() throws Exception {
        Journal journal = journal(keep(Kind.DEPLOYS, events(4_000)));
        commit(journal, "deploys/1", 0, 3_900);
        commit(journal, "deploys/2", 0, 200);
        assertEquals(List.of(), readAll(journal, 0, topics("deploys/1"), 100));
        assertEquals(200, readAll(journal, 0, topics("deploys/**"), 100).size());
        await(journal.retain());
        assertEquals(200, readAll(journal, 0, topics("**"), 100).size());
    }

    @Test
    void itSaysThatItCanWrite() throws Exception {
        Journal journal = journal();
        await(journal.check());
        clock.advance(Duration.ofMinutes(1));
        await(journal.check());
        assertEquals(0, journal.head().offset());
    }

    @Test
    void aReaderUnderEvictionSeesEveryEventInOrderOrIsToldOfTheGap() throws Exception {
        Map<Kind, Retention> retention = keep(Kind.ITEMS, events(150));
        retention.put(Kind.DEPLOYS, events(60));
        Journal journal = journal(retention);
        int commits = 300;
        CompletableFuture<Void> writing = CompletableFuture.runAsync(() -> {
            for (int i = 0; i < commits; i++) {
                commit(
                        journal,
                        draft("items", "" + 2 * i),
                        draft("deploys/" + i / 20, "0"),
                        draft("items", "" + (2 * i + 1)));
            }
        });
        Selection items = topics("items");
        int seen = -1;
        int gaps = 0;
        Cursor at = journal.beginning();
        while (!writing.isDone() || at.offset() < journal.head().offset()) {
            Page page = await(journal.read(at, journal.head().offset(), items, 7));
            for (int i = 0; i < page.events().size(); i++) {
                int number = Integer.parseInt(page.events().get(i).data().toString());
                assertTrue(page.gap() ? number > seen : number == seen + 1, number + " after " + seen);
                seen = number;
            }
            gaps += page.gap() ? 1 : 0;
            at = page.next();
        }
        writing.join();
        assertEquals(2 * commits - 1, seen, "after " + gaps + " gaps");
    }

    @Test
    void aReaderOfADeployUnderEvictionSeesItWholeOrIsTold() throws Exception {
        Journal journal = journal(keep(Kind.DEPLOYS, events(100)));
        CompletableFuture<Void> writing = CompletableFuture.runAsync(
                () -> IntStream.range(0, 60).forEach(i -> commit(journal, "deploys/" + i, 0, 40)));
        int whole = 0;
        boolean last;
        do {
            last = writing.isDone();
            long head = journal.head().offset();
            if (head == 0) {
                continue;
            }
            Selection newest = topics("deploys/" + (head / 40 - 1));
            Page page = await(journal.read(journal.head().at(head - 40), head, newest, 100));
            assertTrue(
                    page.gap() || page.events().size() == 40,
                    () -> "silently only " + page.events().size());
            whole += page.gap() ? 0 : 1;
        } while (!last);
        writing.join();
        assertTrue(whole > 0);
    }

    @Test
    void randomHistoriesReadAsTheyWereWritten() throws Exception {
        long seed = 20260301;
        Random random = new Random(seed);
        Journal journal = journal();
        String[] names = {"sessions", "deploys/1", "deploys/2", "items/a", "items/b", "a/b/c", "a"};
        String[] patterns = {"**", "deploys/**", "deploys/1", "items/*", "a/**", "a/b/c", "*/b", "sessions"};
        List<Event> model = new ArrayList<>();
        for (int commit = 0; commit < 60; commit++) {
            int appends = 1 + random.nextInt(3);
            List<Append> batch = new ArrayList<>();
            for (int i = 0; i < appends; i++) {
                batch.add(new Append(random.ints(1 + random.nextInt(4), 0, names.length)
                        .mapToObj(n -> draft(names[n], Integer.toString(random.nextInt(100))))
                        .toList()));
            }
            await(journal.commit(batch)).forEach(receipt -> model.addAll(receipt.events()));
        }
        assertEquals(LongStream.rangeClosed(1, model.size()).boxed().toList(), offsets(model));
        for (int i = 0; i < 200; i++) {
            Selection selection =
                    topics(patterns[random.nextInt(patterns.length)], patterns[random.nextInt(patterns.length)]);
            long after = random.nextInt(model.size());
            List<Event> expected = model.stream()
                    .filter(event -> event.offset() > after && selection.matches(event))
                    .toList();
            assertEquals(expected, readAll(journal, after, selection, 1 + random.nextInt(20)), selection.toString());
            int limit = 1 + random.nextInt(20);
            List<Event> matching = model.stream().filter(selection::matches).toList();
            assertEquals(
                    matching.subList(Math.max(0, matching.size() - limit), matching.size()),
                    await(journal.readLast(selection, limit)).events());
        }
    }
}
