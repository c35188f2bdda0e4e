package io.tidegate.journal.memory;

import io.tidegate.event.Cursor;
import io.tidegate.event.Event;
import io.tidegate.event.Kind;
import io.tidegate.event.Selection;
import io.tidegate.journal.Append;
import io.tidegate.journal.Durability;
import io.tidegate.journal.Journal;
import io.tidegate.journal.Page;
import io.tidegate.journal.Receipt;
import io.tidegate.journal.history.History;
import io.tidegate.journal.history.Idempotency;
import io.tidegate.journal.history.LatestStates;
import io.tidegate.journal.history.OffsetAssigner;
import io.tidegate.journal.history.PageBuilder;
import io.tidegate.journal.retention.RetainedRange;
import io.tidegate.journal.retention.Retention;
import io.tidegate.journal.retention.RetentionIndex;
import io.tidegate.journal.retention.TrimScan;
import io.vertx.core.Future;
import java.time.Clock;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.function.Function;

/** A history that lives as long as the process. Every start is a new epoch. */
public final class MemoryJournal extends History {

    private static final Comparator<Event> BY_OFFSET = Comparator.comparingLong(Event::offset);

    private final Clock clock;
    private final Map<Kind, Retention> retention;
    private final Map<Kind, KindLog> shelves = new EnumMap<>(Kind.class);
    private final MemoryIdempotencyStore claims;

    public MemoryJournal(Clock clock, Map<Kind, Retention> retention) {
        this(clock, retention, Idempotency.DEFAULTS);
    }

    public MemoryJournal(Clock clock, Map<Kind, Retention> retention, Idempotency idempotency) {
        this(new Cursor(Journal.newEpoch(), 0), clock, retention, idempotency);
    }

    private MemoryJournal(Cursor head, Clock clock, Map<Kind, Retention> retention, Idempotency idempotency) {
        super(head, new RetentionIndex(Map.of()), new LatestStates(head, Map.of()));
        this.clock = clock;
        this.retention = Map.copyOf(retention);
        this.claims = new MemoryIdempotencyStore(idempotency, clock);
        for (Kind kind : Kind.values()) {
            shelves.put(kind, new KindLog());
        }
    }

    @Override
    public synchronized Future<List<Receipt>> commit(List<Append> appends) {
        OffsetAssigner<RuntimeException> numbering =
                OffsetAssigner.of(appends, head(), clock.instant(), append -> Durability.MEMORY, claims);
        for (Event event : numbering.events()) {
            holdings.add(event);
            shelf(event.kind()).add(event);
        }
        latest.apply(numbering.events(), new LatestStates.Dropped());
        head(numbering.head());
        return retain().map(numbering.receipts());
    }

    @Override
    public Future<Page> read(Cursor after, long through, Selection selection, int limit) {
        long end = Math.min(through, head().offset());
        PageBuilder page = page(selection, limit);
        boolean whole = page.offerAll(merged(selection, BY_OFFSET, shelf -> shelf.between(after.offset(), end)));
        return Future.succeededFuture(page.page(after, end, whole, holdings.evictedThrough(selection)));
    }

    @Override
    public Future<Page> readLast(Selection selection, int limit) {
        Cursor end = head();
        PageBuilder page = page(selection, limit);
        boolean whole =
                page.offerAll(merged(selection, BY_OFFSET.reversed(), shelf -> shelf.newestFirst(end.offset())));
        return Future.succeededFuture(page.lastPage(end, whole));
    }

    @Override
    public synchronized Future<Void> retain() {
        long now = clock.millis();
        LatestStates.Dropped dropped = new LatestStates.Dropped();
        for (Kind kind : Kind.values()) {
            Retention keep = retention.getOrDefault(kind, Retention.standard(kind));
            if (kind.evictedWhole()) {
                evictTopics(kind, keep, now, dropped);
            } else {
                evictOldest(kind, keep, now);
            }
            dropped.keys(kind, latest.beyond(kind, keep.keys()));
        }
        holdings.commit();
        claims.trim();
        latest.apply(List.of(), dropped);
        return Future.succeededFuture();
    }

    @Override
    public Future<Void> check() {
        return Future.succeededFuture();
    }

    @Override
    public Future<Void> close() {
        return Future.succeededFuture();
    }

    private void evictOldest(Kind kind, Retention keep, long now) {
        TrimScan cut = new TrimScan(holdings.extent(kind), keep, now);
        for (Event event : shelf(kind).oldestFirst()) {
            if (!cut.take(event.offset(), event.time().toEpochMilli(), event.weight())) {
                break;
            }
        }
        if (!cut.isEmpty()) {
            holdings.cut(kind, cut);
            shelf(kind).removeThrough(cut.through());
        }
    }

    private void evictTopics(Kind kind, Retention keep, long now, LatestStates.Dropped dropped) {
        Optional<RetentionIndex.Evicted> gone = holdings.evictDue(kind, keep, now);
        while (gone.isPresent()) {
            RetainedRange held = gone.get().held();
            shelf(kind).removeTopic(gone.get().slot().topic(), held.first(), held.last());
            dropped.topic(gone.get().slot());
            gone = holdings.evictDue(kind, keep, now);
        }
    }

    /** One sequence of the kinds that can match, each of which is in order already. */
    private Iterable<Event> merged(
            Selection selection, Comparator<Event> order, Function<KindLog, Iterable<Event>> range) {
        PriorityQueue<Head> heads = new PriorityQueue<>(Comparator.comparing(Head::event, order));
        for (Kind kind : selection.kinds()) {
            Head.of(range.apply(shelf(kind)).iterator()).ifPresent(heads::add);
        }
        return () -> new Iterator<>() {
            @Override
            public boolean hasNext() {
                return !heads.isEmpty();
            }

            @Override
            public Event next() {
                Head head = heads.remove();
                Head.of(head.rest()).ifPresent(heads::add);
                return head.event();
            }
        };
    }

    /** The next event of one source, and what follows it. */
    private record Head(Event event, Iterator<Event> rest) {
        static Optional<Head> of(Iterator<Event> source) {
            return source.hasNext() ? Optional.of(new Head(source.next(), source)) : Optional.empty();
        }
    }

    @SuppressWarnings("NullAway") // filled for every kind by the constructor
    private KindLog shelf(Kind kind) {
        return shelves.get(kind);
    }
}
