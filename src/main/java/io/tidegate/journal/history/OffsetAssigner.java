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
 * What the appends of one commit become: their events, numbered without a hole, and the answers to give once it is done.
 * Owned by one commit.
 */
public final class OffsetAssigner<X extends Exception> {

    private final Instant time;
    private final IdempotencyStore<X> claims;
    private final Function<Append, Durability> promise;
    private final List<Event> events = new ArrayList<>();
    private final List<Receipt> receipts = new ArrayList<>();
    private Cursor head;

    private OffsetAssigner(
            Cursor after, Instant now, Function<Append, Durability> promise, IdempotencyStore<X> claims) {
        this.head = after;
        // Times are cut to what every store keeps, milliseconds.
        this.time = now.truncatedTo(ChronoUnit.MILLIS);
        this.promise = promise;
        this.claims = claims;
    }

    /** Numbers what follows a position. An append finds the claims of those before it in the same commit. */
    public static <X extends Exception> OffsetAssigner<X> of(
            List<Append> appends,
            Cursor after,
            Instant now,
            Function<Append, Durability> promise,
            IdempotencyStore<X> claims)
            throws X {
        OffsetAssigner<X> numbering = new OffsetAssigner<>(after, now, promise, claims);
        for (Append append : appends) {
            numbering.receipts.add(numbering.answer(append));
        }
        return numbering;
    }

    /** All of them, in order. */
    public List<Event> events() {
        return events;
    }

    /** One per append. */
    public List<Receipt> receipts() {
        return receipts;
    }

    /** Position of the last event. */
    public Cursor head() {
        return head;
    }

    private Receipt answer(Append append) throws X {
        Optional<IdempotencyKey> claim = append.claim();
        Optional<Answered> before = claim.isPresent() ? claims.find(claim.get()) : Optional.empty();
        if (before.isPresent() && before.get().fits(claim.get())) {
            Answered first = before.get();
            return new Receipt(List.of(), first.cursor(), first.count(), first.durability(), Status.REPEATED);
        } else if (before.isPresent() || !eachFits(append)) {
            return new Receipt(List.of(), head, 0, promise.apply(append), Status.MISMATCH);
        }
        Receipt receipt = number(append);
        if (claim.isPresent()) {
            claims.remember(
                    claim.get(),
                    new Answered(claim.get().digest(), receipt.cursor(), receipt.count(), receipt.durability()));
        }
        return receipt;
    }

    /** Looks at all claims before anything is numbered, since an append is committed whole or not at all. */
    private boolean eachFits(Append append) throws X {
        Map<String, String> within = new HashMap<>();
        for (IdempotencyKey claim : append.each().values()) {
            String other = within.putIfAbsent(claim.name(), claim.digest());
            Optional<Answered> before = claims.find(claim);
            if (other != null && !other.equals(claim.digest())
                    || before.isPresent() && !before.get().fits(claim)) {
                return false;
            }
        }
        return true;
    }

    private Receipt number(Append append) throws X {
        int from = events.size();
        Durability durability = promise.apply(append);
        Cursor last = head.at(0);
        for (int i = 0; i < append.drafts().size(); i++) {
            Answered answered = number(
                    append.drafts().get(i), Optional.ofNullable(append.each().get(i)), durability);
            durability = durability.weaker(answered.durability());
            last = answered.cursor().offset() > last.offset() ? answered.cursor() : last;
        }
        List<Event> added = events.subList(from, events.size());
        Status status = added.isEmpty() ? Status.REPEATED : Status.COMMITTED;
        return new Receipt(added, last, append.drafts().size(), durability, status);
    }

    private Answered number(Draft draft, Optional<IdempotencyKey> claim, Durability durability) throws X {
        Optional<Answered> before = claim.isPresent() ? claims.find(claim.get()) : Optional.empty();
        if (before.isPresent()) {
            return before.get();
        }
        head = head.at(head.offset() + 1);
        events.add(Event.of(draft, head, time));
        Answered answered = new Answered(claim.map(IdempotencyKey::digest).orElse(""), head, 1, durability);
        if (claim.isPresent()) {
            claims.remember(claim.get(), answered);
        }
        return answered;
    }
}
