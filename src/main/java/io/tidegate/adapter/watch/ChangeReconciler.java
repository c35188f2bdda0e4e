package io.tidegate.adapter.watch;

import io.tidegate.adapter.watch.ListFetcher.Answer;
import io.tidegate.adapter.watch.ListFetcher.Validators;
import io.tidegate.adapter.watch.WatchMetrics.Outcome;
import io.tidegate.event.Cursor;
import io.tidegate.event.Draft;
import io.tidegate.event.Event;
import io.tidegate.event.JsonText;
import io.tidegate.event.Lifecycle;
import io.tidegate.event.Selection;
import io.tidegate.event.Sha256;
import io.tidegate.event.loop.EventLoop;
import io.tidegate.journal.Appender;
import io.tidegate.journal.Journal;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.time.Clock;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Compares what is heard of a watched kind with the latest state, and tells what is new. Everything about the kind is
 * decided here, one after the other, so that nothing is told twice. Owned by the context of its watch.
 */
final class ChangeReconciler {

    private static final int TOGETHER = 500;
    private static final int PAGE = 1_000;
    private static final int MOST_WAITING = 1_000;

    private final Watch watch;
    private final Lifecycle lifecycle;
    private final Listing listing;
    private final Selection ofKind;
    private final Journal journal;
    private final Appender appender;
    private final EventLoop loop;
    private final Clock clock;
    private Future<?> turn = Future.succeededFuture();
    private int waiting;
    /** What the last list left behind; none when it was not told whole. */
    private Optional<Settled> settled = Optional.empty();

    ChangeReconciler(Watch watch, Journal journal, Vertx vertx, EventLoop loop, Clock clock, int maxMembers) {
        this.watch = watch;
        this.lifecycle = watch.kind().lifecycle();
        this.listing = new Listing(watch, maxMembers);
        this.ofKind = Selection.ofTopics(watch.kind().topics());
        this.journal = journal;
        this.appender = new Appender(vertx.eventBus());
        this.loop = loop;
        this.clock = clock;
    }

    /** A list that is being asked for. */
    record Question(Cursor asked, Validators validators) {}

    /**
     * A list that was told whole.
     *
     * @param digest of its bytes, for origins that have no validators
     * @param state the latest state after it: when somebody else has changed that, the same list is news again
     */
    private record Settled(Validators validators, String digest, State state) {}

    private record State(long newest, int members) {}

    /** To be asked now. */
    Question question() {
        return new Question(
                journal.head(), undisturbed().map(Settled::validators).orElse(Validators.NONE));
    }

    /** Tells what the answer changes; fails when it is no list, or the journal does not take the events. */
    Future<Outcome> settle(Question question, Answer answer) {
        Buffer body = answer.body();
        if (body == null) {
            return Future.succeededFuture(Outcome.SAME);
        }
        byte[] bytes = body.getBytes();
        String digest = digest(bytes);
        if (undisturbed().filter(last -> last.digest().equals(digest)).isPresent()) {
            return Future.succeededFuture(Outcome.SAME);
        }
        Map<String, JsonText> listed;
        try {
            listed = listing.read(bytes);
        } catch (IllegalArgumentException unfit) {
            return Future.failedFuture(unfit);
        }
        return inTurn(() -> toldAfter(question.asked(), new HashSet<>())
                .compose(newer -> tell(listed, newer, new Settled(answer.validators(), digest, state()))));
    }

    /**
     * Tells what somebody else has heard of one member, unless it is known.
     *
     * @return whether it was told
     */
    Future<Boolean> tell(Draft draft) {
        return waiting >= MOST_WAITING
                ? Future.failedFuture("too much waits for the journal")
                : inTurn(() -> isKnown(draft)
                        ? Future.succeededFuture(false)
                        : appender.append(draft).map(true));
    }

    private boolean isKnown(Draft draft) {
        Optional<JsonText> last =
                draft.key().flatMap(key -> journal.latest(watch.kind(), key)).map(Event::data);
        if (watch.kind().ends(draft.type())) {
            return last.isEmpty();
        }
        return (draft.type().equals(lifecycle.created()) || draft.type().equals(lifecycle.changed()))
                && last.filter(known -> Difference.same(known, draft.data(), watch.ignore()))
                        .isPresent();
    }

    private Future<Outcome> tell(Map<String, JsonText> listed, Set<String> newer, Settled next) {
        settled = Optional.empty();
        List<Draft> drafts = Difference.between(
                journal.latest(watch.kind()).events(), listed, newer, watch.ignore(), watch.kind(), clock.instant());
        return append(drafts).map(done -> {
            if (newer.isEmpty()) {
                settled = Optional.of(new Settled(next.validators(), next.digest(), state()));
            }
            return drafts.isEmpty() ? Outcome.SAME : Outcome.CHANGED;
        });
    }

    private Future<Void> append(List<Draft> drafts) {
        if (drafts.isEmpty()) {
            return Future.succeededFuture();
        }
        int count = Math.min(TOGETHER, drafts.size());
        return appender.append(drafts.subList(0, count)).compose(done -> append(drafts.subList(count, drafts.size())));
    }

    /** The keys of the kind that were told of after this position, also those that have ended since. */
    private Future<Set<String>> toldAfter(Cursor position, Set<String> keys) {
        long head = journal.head().offset();
        if (position.offset() >= head) {
            return Future.succeededFuture(keys);
        }
        return loop.bring(journal.read(position, head, ofKind, PAGE)).compose(page -> {
            if (page.gap()) {
                return Future.failedFuture("more happened meanwhile than the history holds");
            }
            page.events().forEach(event -> event.key().ifPresent(keys::add));
            return page.more() ? toldAfter(page.next(), keys) : Future.succeededFuture(keys);
        });
    }

    /** The last list, when the latest state is still what it made of it. */
    private Optional<Settled> undisturbed() {
        return settled.filter(last -> last.state().equals(state()));
    }

    private State state() {
        List<Event> events = journal.latest(watch.kind()).events();
        return new State(events.stream().mapToLong(Event::offset).max().orElse(0), events.size());
    }

    private <T> Future<T> inTurn(Supplier<Future<T>> work) {
        waiting++;
        Future<T> next = turn.transform(before -> work.get());
        turn = next.onComplete(done -> waiting--);
        return next;
    }

    private static String digest(byte[] bytes) {
        return HexFormat.of().formatHex(Sha256.of(bytes));
    }
}
