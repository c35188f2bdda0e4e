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

/**
 * A journal that keeps its history only in memory, for as long as the process runs. Each instance begins a new epoch.
 * Reads complete on the calling thread.
 */
public final class MemoryJournal extends History {

    private static final Comparator<Event> BY_OFFSET = Comparator.comparingLong(Event::offset);

    private final Clock clock;
    private final Map<Kind, Retention> retention;
    private final Map<Kind, KindLog> logs = new EnumMap<>(Kind.class);
    private final MemoryIdempotencyStore idempotencyStore;

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
        this.idempotencyStore = new MemoryIdempotencyStore(idempotency, clock);
        for (Kind kind : Kind.values()) {
            logs.put(kind, new KindLog());
        }
    }

    @Override
    public synchronized Future<List<Receipt>> commit(List<Append> appends) {
        OffsetAssigner<RuntimeException> assigner =
                OffsetAssigner.of(appends, head(), clock.instant(), append -> Durability.MEMORY, idempotencyStore);
        for (Event event : assigner.events()) {
            retained.add(event);
            log(event.kind()).add(event);
        }
        // The index must be committed before the head moves, because readers skip events that the index does not
        // retain.
        retained.commit();
        latest.apply(assigner.events(), new LatestStates.Dropped());
        head(assigner.head());
        return retain().map(assigner.receipts());
    }

    @Override
    public Future<Page> read(Cursor after, long through, Selection selection, int limit) {
        long end = Math.min(through, head().offset());
        PageBuilder page = page(selection, limit);
        boolean whole = page.offerAll(merged(selection, BY_OFFSET, log -> log.between(after.offset(), end)));
        return Future.succeededFuture(page.page(after, end, whole, retained.evictedThrough(selection)));
    }

    @Override
    public Future<Page> readLast(Selection selection, int limit) {
        Cursor end = head();
        PageBuilder page = page(selection, limit);
        boolean whole = page.offerAll(merged(selection, BY_OFFSET.reversed(), log -> log.newestFirst(end.offset())));
        return Future.succeededFuture(page.lastPage(end, whole));
    }

    @Override
    public synchronized Future<Void> retain() {
        long now = clock.millis();
        LatestStates.Dropped dropped = new LatestStates.Dropped();
        for (Kind kind : Kind.values()) {
            Retention bounds = retention.getOrDefault(kind, Retention.standard(kind));
            if (kind.evictedWhole()) {
                evictTopics(kind, bounds, now, dropped);
            } else {
                evictOldest(kind, bounds, now);
            }
            dropped.keys(kind, latest.surplusKeys(kind, bounds));
        }
        retained.commit();
        idempotencyStore.trim();
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

    private void evictOldest(Kind kind, Retention bounds, long now) {
        TrimScan scan = new TrimScan(retained.range(kind), bounds, now);
        for (Event event : log(kind).oldestFirst()) {
            if (!scan.offer(event.offset(), event.time().toEpochMilli(), event.weight())) {
                break;
            }
        }
        if (!scan.isEmpty()) {
            retained.trim(kind, scan);
            log(kind).removeThrough(scan.through());
        }
    }

    private void evictTopics(Kind kind, Retention bounds, long now, LatestStates.Dropped dropped) {
        Optional<RetentionIndex.Evicted> evicted = retained.evictDue(kind, bounds, now);
        while (evicted.isPresent()) {
            RetainedRange range = evicted.get().range();
            log(kind).removeTopic(evicted.get().slot().topic(), range.first(), range.last());
            dropped.topic(evicted.get().slot());
            evicted = retained.evictDue(kind, bounds, now);
        }
    }

    /**
     * Merges the events of all kinds that can match the selection into one sequence. The events of each kind are
     * already in order.
     */
    private Iterable<Event> merged(
            Selection selection, Comparator<Event> order, Function<KindLog, Iterable<Event>> range) {
        PriorityQueue<Head> heads = new PriorityQueue<>(Comparator.comparing(Head::event, order));
        for (Kind kind : selection.kinds()) {
            Head.of(range.apply(log(kind)).iterator()).ifPresent(heads::add);
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

    /** The next event of one source, and an iterator over the events after it. */
    private record Head(Event event, Iterator<Event> rest) {
        static Optional<Head> of(Iterator<Event> source) {
            return source.hasNext() ? Optional.of(new Head(source.next(), source)) : Optional.empty();
        }
    }

    @SuppressWarnings("NullAway") // the constructor adds a log for every kind
    private KindLog log(Kind kind) {
        return logs.get(kind);
    }
}
