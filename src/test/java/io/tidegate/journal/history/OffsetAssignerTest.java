package io.tidegate.journal.history;

import static io.tidegate.journal.Journaling.draft;
import static io.tidegate.journal.Journaling.named;
import static io.tidegate.journal.Journaling.offsets;
import static io.tidegate.journal.Journaling.withIds;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.tidegate.event.Cursor;
import io.tidegate.event.Draft;
import io.tidegate.event.Event;
import io.tidegate.fixture.Fuzz;
import io.tidegate.journal.Append;
import io.tidegate.journal.Durability;
import io.tidegate.journal.IdempotencyKey;
import io.tidegate.journal.Journaling;
import io.tidegate.journal.Receipt;
import io.tidegate.journal.Receipt.Status;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.LongStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class OffsetAssignerTest {

    private static final Cursor HEAD = new Cursor("epoch", 7);
    private static final Instant NOW = Instant.parse("2031-05-06T07:08:09.123456789Z");
    private static final Draft A = draft("a", "1");
    private static final Draft B = draft("b", "2");

    private final Claims claims = new Claims();
    private Function<Append, Durability> promise = append -> Durability.FSYNC;

    @Test
    void withoutAppendsTheHeadStaysWhereItIs() {
        OffsetAssigner<IOException> none = commit(HEAD);
        assertEquals(HEAD, none.head());
        assertEquals(List.of(), none.events());
        assertEquals(List.of(), none.receipts());
    }

    @Test
    void theEventsOfAllAppendsAreNumberedOnWithoutAHole() {
        OffsetAssigner<IOException> done = commit(HEAD, new Append(List.of(A, B)), new Append(List.of(A)));
        assertEquals(List.of(8L, 9L, 10L), offsets(done.events()));
        assertEquals(List.of("1", "2", "1"), Journaling.data(done.events()));
        assertEquals(HEAD.at(10), done.head());
        assertEquals(
                List.of(
                        new Receipt(done.events().subList(0, 2), HEAD.at(9), 2, Durability.FSYNC, Status.COMMITTED),
                        new Receipt(done.events().subList(2, 3), HEAD.at(10), 1, Durability.FSYNC, Status.COMMITTED)),
                done.receipts());
    }

    @Test
    void allEventsHaveTheTimeOfTheCommitInMilliseconds() {
        OffsetAssigner<IOException> done = commit(HEAD, new Append(List.of(A, B)));
        done.events().forEach(event -> assertEquals(Instant.parse("2031-05-06T07:08:09.123Z"), event.time()));
    }

    @Test
    void whatEachAppendIsPromisedIsItsOwn() {
        Append weak = new Append(List.of(B));
        promise = append -> append.equals(weak) ? Durability.PROCESS : Durability.FSYNC;
        List<Receipt> receipts = commit(HEAD, new Append(List.of(A)), weak).receipts();
        assertEquals(Durability.FSYNC, receipts.get(0).durability());
        assertEquals(Durability.PROCESS, receipts.get(1).durability());
    }

    @Test
    void aRequestWithAKnownNameIsAnsweredAsTheFirstTimeAndTakesNoOffset() {
        OffsetAssigner<IOException> done =
                commit(HEAD, named("p", "n", A, B), named("p", "n", A, B), new Append(List.of(A)));
        assertEquals(List.of(8L, 9L, 10L), offsets(done.events()));
        assertEquals(
                new Receipt(List.of(), HEAD.at(9), 2, Durability.FSYNC, Status.REPEATED),
                done.receipts().get(1));
        promise = append -> Durability.MEMORY;
        OffsetAssigner<IOException> later = commit(done.head(), named("p", "n", A, B));
        assertEquals(done.receipts().get(1), later.receipts().get(0));
        assertEquals(done.head(), later.head());
        assertEquals(List.of(), later.events());
    }

    @Test
    void aRequestWithTheNameOfAnotherOneIsRefusedAndTheFirstAnswerStays() {
        OffsetAssigner<IOException> done =
                commit(HEAD, named("p", "n", A), named("p", "n", B), named("p", "n", A), named("q", "n", B));
        assertEquals(
                new Receipt(List.of(), HEAD.at(8), 0, Durability.FSYNC, Status.MISMATCH),
                done.receipts().get(1));
        assertEquals(Status.REPEATED, done.receipts().get(2).status());
        assertEquals(Status.COMMITTED, done.receipts().get(3).status());
        assertEquals(List.of(8L, 9L), offsets(done.events()));
        assertEquals(List.of("1", "2"), Journaling.data(done.events()));
    }

    @Test
    void draftsThatWereCommittedBeforeAreLeftOut() {
        commit(HEAD, withIds("p", List.of("a"), A));
        OffsetAssigner<IOException> done = commit(HEAD.at(20), withIds("p", List.of("b", "a", "c"), B, A, B));
        assertEquals(List.of(21L, 22L), offsets(done.events()));
        assertEquals(List.of("2", "2"), Journaling.data(done.events()));
        assertEquals(
                new Receipt(done.events(), HEAD.at(22), 3, Durability.FSYNC, Status.COMMITTED),
                done.receipts().get(0));
    }

    @Test
    void anAppendOfWhichAllWasCommittedBeforeIsAnsweredWithThePositionOfItsNewest() {
        commit(HEAD, withIds("p", List.of("a", "b"), A, B));
        OffsetAssigner<IOException> done = commit(HEAD.at(20), withIds("p", List.of("b", "a"), B, A));
        assertEquals(
                List.of(new Receipt(List.of(), HEAD.at(9), 2, Durability.FSYNC, Status.REPEATED)), done.receipts());
        assertEquals(HEAD.at(20), done.head());
    }

    @Test
    void noMoreIsPromisedThanWasForTheWeakestDraft() {
        promise = append -> Durability.PROCESS;
        commit(HEAD, withIds("p", List.of("a"), A));
        promise = append -> Durability.FSYNC;
        Append mixed = withIds("p", List.of("b", "a"), B, A);
        assertEquals(
                Durability.PROCESS, commit(HEAD.at(20), mixed).receipts().get(0).durability());
    }

    @Test
    void aDraftThatIsNamedTwiceInOneAppendIsNumberedOnce() {
        OffsetAssigner<IOException> done = commit(HEAD, withIds("p", List.of("a", "a", "b"), A, A, B));
        assertEquals(List.of(8L, 9L), offsets(done.events()));
        assertEquals(3, done.receipts().get(0).count());
    }

    @Test
    void oneDraftWithTheNameOfAnotherKeepsTheWholeAppendOut() {
        commit(HEAD, withIds("p", List.of("a"), A));
        Map<String, IdempotencyStore.Answered> before = Map.copyOf(claims.answers);
        OffsetAssigner<IOException> done = commit(
                HEAD.at(20),
                withIds("p", List.of("b", "a"), B, B),
                withIds("p", List.of("c", "c"), A, B),
                new Append(List.of(A)));
        Receipt refusal = new Receipt(List.of(), HEAD.at(20), 0, Durability.FSYNC, Status.MISMATCH);
        assertEquals(List.of(refusal, refusal), done.receipts().subList(0, 2));
        assertEquals(List.of(21L), offsets(done.events()));
        assertEquals(before, claims.answers);
    }

    @Test
    void aRequestThatIsRefusedForOneOfItsDraftsLeavesItsNameFree() {
        commit(HEAD, withIds("p", List.of("a"), A));
        IdempotencyKey name = IdempotencyKey.ofRequest("p", "n", List.of(B));
        Map<Integer, IdempotencyKey> each = withIds("p", List.of("a"), B).draftKeys();
        OffsetAssigner<IOException> done =
                commit(HEAD.at(20), new Append(List.of(B), Optional.of(name), each), named("p", "n", B));
        assertEquals(Status.MISMATCH, done.receipts().get(0).status());
        assertEquals(Status.COMMITTED, done.receipts().get(1).status());
    }

    @Test
    void aStoreOfClaimsThatFailsFailsTheCommit() {
        IOException failure = new IOException("no disk");
        claims.failure = Optional.of(failure);
        assertSame(failure, assertThrows(IOException.class, () -> tried(HEAD, List.of(named("p", "n", A)))));
    }

    /** Tests appends of drafts that have one of four names and one of two contents. */
    @Fuzz
    void noOffsetIsGivenTwiceOrLeftOut(
            @ForAll @Size(max = 8) List<@Size(min = 1, max = 4) List<@IntRange(max = 7) Integer>> appends) {
        claims.answers.clear();
        List<Append> all = appends.stream().map(OffsetAssignerTest::append).toList();
        OffsetAssigner<IOException> done = commit(HEAD, all.toArray(Append[]::new));
        long last = HEAD.offset() + done.events().size();
        assertEquals(LongStream.rangeClosed(HEAD.offset() + 1, last).boxed().toList(), offsets(done.events()));
        assertEquals(HEAD.at(last), done.head());
        List<Event> answered = new ArrayList<>();
        done.receipts().forEach(receipt -> answered.addAll(receipt.events()));
        assertEquals(done.events(), answered);
        assertEquals(all.size(), done.receipts().size());
        Set<String> topics = new HashSet<>();
        done.events().forEach(event -> topics.add(event.topic().name()));
        assertEquals(done.events().size(), topics.size(), "a name was numbered twice");
    }

    private static Append append(List<Integer> numbers) {
        List<String> names = numbers.stream().map(n -> "name" + n % 4).toList();
        Draft[] drafts =
                numbers.stream().map(n -> draft("name" + n % 4, "" + n / 4)).toArray(Draft[]::new);
        return withIds("p", names, drafts);
    }

    private OffsetAssigner<IOException> commit(Cursor after, Append... appends) {
        try {
            return tried(after, List.of(appends));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private OffsetAssigner<IOException> tried(Cursor after, List<Append> appends) throws IOException {
        return OffsetAssigner.of(appends, after, NOW, append -> promise.apply(append), claims);
    }

    /** Remembers all keys, until a test makes it fail. */
    private static final class Claims implements IdempotencyStore<IOException> {

        private final Map<String, Answered> answers = new LinkedHashMap<>();
        private Optional<IOException> failure = Optional.empty();

        @Override
        public Optional<Answered> find(IdempotencyKey claim) throws IOException {
            if (failure.isPresent()) {
                throw failure.get();
            }
            return Optional.ofNullable(answers.get(name(claim)));
        }

        @Override
        public void remember(IdempotencyKey claim, Answered answered) {
            answers.put(name(claim), answered);
        }

        private static String name(IdempotencyKey claim) {
            return claim.scope() + " " + claim.publisher() + " " + claim.name();
        }
    }
}
