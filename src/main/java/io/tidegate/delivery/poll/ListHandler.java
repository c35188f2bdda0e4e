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
 * {@code GET /api/sessions} and its like: the current list of one kind, for clients that poll. Its cursor is where a
 * stream or a page continues from it without missing or repeating anything.
 */
public final class ListHandler implements Handler<RoutingContext> {

    private final Kind kind;
    private final Journal journal;
    private final Optional<Freshness> freshness;

    public ListHandler(Kind kind, Journal journal) {
        this(kind, journal, Optional.empty());
    }

    /** @param freshness of a list that an origin owns; what it says is then part of the answer */
    public ListHandler(Kind kind, Journal journal, Optional<Freshness> freshness) {
        this.kind = kind;
        this.journal = journal;
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
        Optional<Freshness> now = freshness.map(Freshness::asItIs);
        new Answer(tag(snapshot, visible, now), cursor, JsonWriter.list(kind.plural(), visible, cursor, now)).send(ctx);
    }

    /**
     * The newest offset and the size tell two states of one list apart: a change brings a newer offset, and an ending
     * only ever makes the list shorter.
     */
    private static EntityTag tag(Snapshot snapshot, List<Event> visible, Optional<Freshness> now) {
        long newest = visible.stream().mapToLong(Event::offset).max().orElse(0);
        return new EntityTag(snapshot.cursor().at(newest) + "-" + visible.size()
                + now.flatMap(Freshness::staleSince)
                        .map(since -> "-stale-" + since.toEpochMilli())
                        .orElse(""));
    }
}
