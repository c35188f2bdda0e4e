package io.tidegate.journal.history;

import io.tidegate.event.Cursor;
import io.tidegate.event.Draft;
import io.tidegate.event.Event;
import io.tidegate.journal.Append;
import io.tidegate.journal.Durability;
import io.tidegate.journal.IdempotencyKey;
import io.tidegate.journal.Receipt;
import io.tidegate.journal.Receipt.Status;
import io.tidegate.journal.history.IdempotencyStore.Answered;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Assigns consecutive offsets to the drafts of one commit, and builds the resulting events and the receipts that are
 * sent after the commit. Used by one commit only.
 */
public final class OffsetAssigner<X extends Exception> {

    private final Instant time;
    private final IdempotencyStore<X> store;
    private final Function<Append, Durability> guarantee;
    private final List<Event> events = new ArrayList<>();
    private final List<Receipt> receipts = new ArrayList<>();
    private Cursor head;

    private OffsetAssigner(
            Cursor after, Instant now, Function<Append, Durability> guarantee, IdempotencyStore<X> store) {
        this.head = after;
        // The time is truncated because every store keeps times with millisecond precision.
        this.time = now.truncatedTo(ChronoUnit.MILLIS);
        this.guarantee = guarantee;
        this.store = store;
    }

    /**
     * Assigns the offsets after a position to the drafts of the appends. The idempotency keys of earlier appends in the
     * same commit are taken into account.
     */
    public static <X extends Exception> OffsetAssigner<X> of(
            List<Append> appends,
            Cursor after,
            Instant now,
            Function<Append, Durability> guarantee,
            IdempotencyStore<X> store)
            throws X {
        OffsetAssigner<X> assigner = new OffsetAssigner<>(after, now, guarantee, store);
        for (Append append : appends) {
            assigner.receipts.add(assigner.append(append));
        }
        return assigner;
    }

    /** Returns the new events, in order. */
    public List<Event> events() {
        return events;
    }

    /** Returns one receipt for each append. */
    public List<Receipt> receipts() {
        return receipts;
    }

    /** Returns the position of the last new event, or the initial position if no event was added. */
    public Cursor head() {
        return head;
    }

    private Receipt append(Append append) throws X {
        Optional<IdempotencyKey> key = append.requestKey();
        Optional<Answered> earlier = key.isPresent() ? store.find(key.get()) : Optional.empty();
        if (earlier.isPresent() && earlier.get().fits(key.get())) {
            Answered first = earlier.get();
            return new Receipt(List.of(), first.cursor(), first.count(), first.durability(), Status.REPEATED);
        } else if (earlier.isPresent() || !draftKeysFit(append)) {
            return new Receipt(List.of(), head, 0, guarantee.apply(append), Status.MISMATCH);
        }
        Receipt receipt = assign(append);
        if (key.isPresent()) {
            store.remember(
                    key.get(),
                    new Answered(key.get().digest(), receipt.cursor(), receipt.count(), receipt.durability()));
        }
        return receipt;
    }

    /**
     * Returns whether all draft keys match the content. This is checked before any offset is assigned, because an
     * append is committed as a whole or not at all.
     */
    private boolean draftKeysFit(Append append) throws X {
        Map<String, String> digests = new HashMap<>();
        for (IdempotencyKey key : append.draftKeys().values()) {
            String other = digests.putIfAbsent(key.name(), key.digest());
            Optional<Answered> earlier = store.find(key);
            if (other != null && !other.equals(key.digest())
                    || earlier.isPresent() && !earlier.get().fits(key)) {
                return false;
            }
        }
        return true;
    }

    private Receipt assign(Append append) throws X {
        int from = events.size();
        Durability durability = guarantee.apply(append);
        Cursor last = head.at(0);
        for (int i = 0; i < append.drafts().size(); i++) {
            Answered outcome = assign(
                    append.drafts().get(i),
                    Optional.ofNullable(append.draftKeys().get(i)),
                    durability);
            durability = durability.weaker(outcome.durability());
            last = outcome.cursor().offset() > last.offset() ? outcome.cursor() : last;
        }
        List<Event> added = events.subList(from, events.size());
        Status status = added.isEmpty() ? Status.REPEATED : Status.COMMITTED;
        return new Receipt(added, last, append.drafts().size(), durability, status);
    }

    private Answered assign(Draft draft, Optional<IdempotencyKey> key, Durability durability) throws X {
        Optional<Answered> earlier = key.isPresent() ? store.find(key.get()) : Optional.empty();
        if (earlier.isPresent()) {
            return earlier.get();
        }
        head = head.at(head.offset() + 1);
        events.add(Event.of(draft, head, time));
        Answered outcome = new Answered(key.map(IdempotencyKey::digest).orElse(""), head, 1, durability);
        if (key.isPresent()) {
            store.remember(key.get(), outcome);
        }
        return outcome;
    }
}
