package io.tidegate.delivery.poll;

import io.tidegate.access.Caller;
import io.tidegate.edge.message.EntityTag;
import io.tidegate.event.Cursor;
import io.tidegate.event.Event;
import io.tidegate.event.Kind;
import io.tidegate.event.TopicPattern;
import io.tidegate.journal.Journal;
import io.tidegate.journal.Snapshot;
import io.vertx.core.Handler;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Optional;

/**
 * Handles {@code GET /api/sessions} and the corresponding routes of other kinds. Responds with the current list of one
 * kind, for clients that poll. A stream or page that continues from the list's cursor neither misses nor repeats an
 * event. Runs on the event loop of the connection.
 */
public final class ListHandler implements Handler<RoutingContext> {

    private final Kind kind;
    private final Journal journal;
    private final ResponseMemory memory;
    private final Optional<Freshness> freshness;

    public ListHandler(Kind kind, Journal journal, ResponseMemory memory) {
        this(kind, journal, memory, Optional.empty());
    }

    /**
     * Creates a handler for a list that an origin may own.
     *
     * @param freshness the freshness of the list, which the response includes; empty if no origin owns the list
     */
    public ListHandler(Kind kind, Journal journal, ResponseMemory memory, Optional<Freshness> freshness) {
        this.kind = kind;
        this.journal = journal;
        this.memory = memory;
        this.freshness = freshness;
    }

    @Override
    public void handle(RoutingContext ctx) {
        List<TopicPattern> allowed = Caller.of(ctx).read();
        Snapshot snapshot = journal.latest(kind);
        List<Event> visible = snapshot.events().stream()
                .filter(event -> allowed.stream().anyMatch(pattern -> pattern.matches(event.topic())))
                .toList();
        Cursor cursor = snapshot.cursor();
        Optional<Freshness> now = freshness.map(Freshness::snapshot);
        new Answer(tag(snapshot, visible, now), cursor, JsonWriter.list(kind.plural(), visible, cursor, now))
                .send(ctx, memory);
    }

    /**
     * Returns the entity tag. The newest offset and the size distinguish any two states of a list, because a change
     * adds a newer offset, and the end of a member makes the list shorter.
     */
    private static EntityTag tag(Snapshot snapshot, List<Event> visible, Optional<Freshness> now) {
        long newest = visible.stream().mapToLong(Event::offset).max().orElse(0);
        return new EntityTag(snapshot.cursor().at(newest) + "-" + visible.size()
                + now.flatMap(Freshness::staleSince)
                        .map(since -> "-stale-" + since.toEpochMilli())
                        .orElse(""));
    }
}
