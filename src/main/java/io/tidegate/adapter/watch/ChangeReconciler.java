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
 * Compares fetched lists and submitted drafts of a watched kind with the journal's latest state, and publishes the
 * differences. Inputs for a kind are handled one at a time, so that no change is published twice. Owned by the context
 * of its {@link WatchVerticle}.
 */
final class ChangeReconciler {

    private static final int MAX_BATCH = 500;
    private static final int PAGE = 1_000;
    private static final int MAX_WAITING = 1_000;

    private final Watch watch;
    private final Lifecycle lifecycle;
    private final Listing listing;
    private final Selection selection;
    private final Journal journal;
    private final Appender appender;
    private final EventLoop loop;
    private final Clock clock;
    private Future<?> tail = Future.succeededFuture();
    private int waiting;
    /** The last list and the resulting state; empty unless all changes in the list were published. */
    private Optional<Settled> settled = Optional.empty();

    ChangeReconciler(Watch watch, Journal journal, Vertx vertx, EventLoop loop, Clock clock, int maxMembers) {
        this.watch = watch;
        this.lifecycle = watch.kind().lifecycle();
        this.listing = new Listing(watch, maxMembers);
        this.selection = Selection.ofTopics(watch.kind().topics());
        this.journal = journal;
        this.appender = new Appender(vertx.eventBus());
        this.loop = loop;
        this.clock = clock;
    }

    /**
     * The circumstances of one request for the list.
     * @param position the journal's head before the request
     */
    record Question(Cursor position, Validators validators) {}

    /**
     * A list whose changes have all been published.
     *
     * @param digest the SHA-256 digest of its bytes, for origins that send no validators
     * @param state the latest state after the list was published; if another publisher has changed it since, the same
     *     list is reconciled again
     */
    private record Settled(Validators validators, String digest, State state) {}

    private record State(long newest, int members) {}

    /** Returns the request to send now. */
    Question question() {
        return new Question(
                journal.head(), lastSettled().map(Settled::validators).orElse(Validators.NONE));
    }

    /**
     * Publishes the differences between the fetched list and the latest state. The future fails if the response is not
     * a valid list or the journal rejects the events.
     */
    Future<Outcome> settle(Question question, Answer response) {
        Buffer body = response.body();
        if (body == null) {
            return Future.succeededFuture(Outcome.SAME);
        }
        byte[] bytes = body.getBytes();
        String digest = digest(bytes);
        if (lastSettled().filter(last -> last.digest().equals(digest)).isPresent()) {
            return Future.succeededFuture(Outcome.SAME);
        }
        Map<String, JsonText> listed;
        try {
            listed = listing.read(bytes);
        } catch (IllegalArgumentException invalid) {
            return Future.failedFuture(invalid);
        }
        return enqueue(() -> keysAfter(question.position(), new HashSet<>())
                .compose(newer -> reconcile(listed, newer, new Settled(response.validators(), digest, state()))));
    }

    /**
     * Publishes a draft for a change of one entry that another source, such as a tap, has observed, unless the latest
     * state already contains the change.
     *
     * @return whether the draft was published
     */
    Future<Boolean> submit(Draft draft) {
        return waiting >= MAX_WAITING
                ? Future.failedFuture("too many changes are waiting for the journal")
                : enqueue(() -> isKnown(draft)
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

    private Future<Outcome> reconcile(Map<String, JsonText> listed, Set<String> newer, Settled next) {
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
        int count = Math.min(MAX_BATCH, drafts.size());
        return appender.append(drafts.subList(0, count)).compose(done -> append(drafts.subList(count, drafts.size())));
    }

    /**
     * Adds the keys of the kind's events after this position, including keys that have ended since, and returns all
     * keys.
     */
    private Future<Set<String>> keysAfter(Cursor position, Set<String> keys) {
        long head = journal.head().offset();
        if (position.offset() >= head) {
            return Future.succeededFuture(keys);
        }
        return loop.bring(journal.read(position, head, selection, PAGE)).compose(page -> {
            if (page.gap()) {
                return Future.failedFuture("the journal has evicted events that were published during the poll");
            }
            page.events().forEach(event -> event.key().ifPresent(keys::add));
            return page.more() ? keysAfter(page.next(), keys) : Future.succeededFuture(keys);
        });
    }

    /** Returns the last list, unless the latest state has changed since. */
    private Optional<Settled> lastSettled() {
        return settled.filter(last -> last.state().equals(state()));
    }

    private State state() {
        List<Event> events = journal.latest(watch.kind()).events();
        return new State(events.stream().mapToLong(Event::offset).max().orElse(0), events.size());
    }

    private <T> Future<T> enqueue(Supplier<Future<T>> work) {
        waiting++;
        Future<T> next = tail.transform(before -> work.get());
        tail = next.onComplete(done -> waiting--);
        return next;
    }

    private static String digest(byte[] bytes) {
        return HexFormat.of().formatHex(Sha256.of(bytes));
    }
}
