package io.tidegate.journal;

import io.tidegate.event.Cursor;
import io.tidegate.event.Draft;
import io.tidegate.event.Event;
import io.tidegate.event.Kind;
import io.tidegate.event.Selection;
import io.vertx.core.Future;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;

/** A history that lives as long as the process: one {@link Ring} per kind. Every start is a new epoch. */
public final class MemoryJournal implements Journal {

    private final Clock clock;
    private final Map<Kind, Retention> retention;
    private final Map<Kind, Ring> rings = new EnumMap<>(Kind.class);
    private final LatestStates latest;
    private volatile Cursor head;

    public MemoryJournal(Clock clock, Map<Kind, Retention> retention) {
        this.clock = clock;
        this.retention = retention;
        this.head = new Cursor(Journal.newEpoch(), 0);
        this.latest = new LatestStates(head, Map.of());
        for (Kind kind : Kind.values()) {
            rings.put(kind, new Ring(0));
        }
    }

    @Override
    public Future<List<Receipt>> commit(List<Append> appends) {
        Instant now = clock.instant();
        Cursor cursor = head;
        List<Receipt> receipts = new ArrayList<>(appends.size());
        List<Event> committed = new ArrayList<>();
        for (Append append : appends) {
            List<Event> events = new ArrayList<>(append.drafts().size());
            for (Draft draft : append.drafts()) {
                cursor = cursor.at(cursor.offset() + 1);
                Event event = Event.of(draft, cursor, now);
                ring(event.kind()).add(event);
                events.add(event);
            }
            committed.addAll(events);
            receipts.add(new Receipt(events, Durability.MEMORY));
        }
        latest.apply(committed);
        head = cursor;
        rings.forEach((kind, ring) -> {
            evict(ring, keep(kind), now);
            latest.forgetBeyond(kind, keep(kind).keys());
        });
        return Future.succeededFuture(receipts);
    }

    @Override
    public Cursor head() {
        return head;
    }

    @Override
    public Standing standing(Cursor cursor, Selection selection) {
        return Standing.of(cursor, head, evictedThrough(selection));
    }

    @Override
    public Cursor oldest(Selection selection) {
        return head.at(evictedThrough(selection));
    }

    @Override
    public Future<Page> read(Cursor after, long through, Selection selection, int limit) {
        PageBuilder page = new PageBuilder(after, through, selection, limit);
        // A merge by offset of the kinds that can match.
        record Source(Event event, Iterator<Event> rest) {}
        PriorityQueue<Source> sources = new PriorityQueue<>(Comparator.comparingLong(source -> source.event.offset()));
        for (Kind kind : selection.kinds()) {
            Iterator<Event> events = ring(kind).between(after.offset(), through).iterator();
            if (events.hasNext()) {
                sources.add(new Source(events.next(), events));
            }
        }
        for (Source source = sources.poll(); source != null; source = sources.poll()) {
            if (!page.offer(source.event)) {
                return Future.succeededFuture(page.full(evictedThrough(selection)));
            }
            if (source.rest.hasNext()) {
                sources.add(new Source(source.rest.next(), source.rest));
            }
        }
        return Future.succeededFuture(page.complete(evictedThrough(selection)));
    }

    @Override
    public Future<Page> readLast(Selection selection, int limit) {
        Cursor end = head;
        List<Event> events = new ArrayList<>();
        for (Kind kind : selection.kinds()) {
            events.addAll(Ring.last(ring(kind).newestFirst(), selection, limit));
        }
        events.sort(Comparator.comparingLong(Event::offset));
        events.removeIf(event -> event.offset() > end.offset());
        int surplus = Math.max(0, events.size() - limit);
        return Future.succeededFuture(new Page(events.subList(surplus, events.size()), end, false, false));
    }

    @Override
    public Snapshot latest(Kind kind) {
        return latest.snapshot(kind);
    }

    @Override
    public Optional<Event> latest(Kind kind, String key) {
        return latest.get(kind, key);
    }

    @Override
    public Future<Void> close() {
        return Future.succeededFuture();
    }

    private void evict(Ring ring, Retention keep, Instant now) {
        while (ring.size() > 0
                && (ring.size() > keep.events()
                        || ring.weight() > keep.bytes()
                        || ring.oldest().time().isBefore(now.minus(keep.age())))) {
            ring.evictOldest();
        }
    }

    private long evictedThrough(Selection selection) {
        return selection.kinds().stream()
                .mapToLong(kind -> ring(kind).evictedThrough())
                .max()
                .orElse(0);
    }

    @SuppressWarnings("NullAway") // filled for every kind by the constructor
    private Ring ring(Kind kind) {
        return rings.get(kind);
    }

    private Retention keep(Kind kind) {
        return retention.getOrDefault(kind, Retention.standard(kind));
    }
}
