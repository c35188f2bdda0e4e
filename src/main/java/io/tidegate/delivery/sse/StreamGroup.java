package io.tidegate.delivery.sse;

import io.tidegate.delivery.hub.Hub;
import io.tidegate.delivery.hub.Subscriber;
import io.tidegate.delivery.hub.Subscription;
import io.tidegate.delivery.sse.StreamRequest.What;
import io.tidegate.edge.overload.OutgoingMemory;
import io.tidegate.event.Cursor;
import io.tidegate.event.Event;
import io.tidegate.event.Kind;
import io.tidegate.event.Selection;
import io.tidegate.journal.Journal;
import io.tidegate.journal.Latest;
import io.tidegate.journal.Snapshot;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * All streams of one event loop that have the same content. Frames are encoded once for all of them. Owned by one event
 * loop.
 */
final class StreamGroup implements Subscriber {

    /**
     * The total weight of the events that are written to a stream between two checks of whether its client accepts
     * bytes.
     */
    private static final int STEP_WEIGHT = 16 << 10;

    private final What what;
    private final Hub hub;
    private final StreamMetrics metrics;
    private final OutgoingMemory memory;
    private final Subscription subscription;
    private final Optional<Latest> list;
    private final LiveStreams live = new LiveStreams();
    private final Set<Stream> behind = new LinkedHashSet<>();
    private long weight;
    /** The encoded list, which is shared by streams that become live in the same turn; null until one of them needs it. */
    private @Nullable Frames sharedList;

    StreamGroup(What what, Hub hub, Journal journal, StreamMetrics metrics, OutgoingMemory memory) {
        this.what = what;
        this.hub = hub;
        this.metrics = metrics;
        this.memory = memory;
        this.list = what.framing() instanceof Framing.OfKind ofKind
                ? Optional.of(new Latest(ofKind.kind(), visible(journal.latest(ofKind.kind()))))
                : Optional.empty();
        this.subscription = hub.join(what.selection(), this);
    }

    /**
     * Returns the position of the group's live streams. It is the head of the hub or, while the list with which the
     * group began is ahead of this loop, the position of that list.
     */
    Cursor position() {
        Cursor head = hub.head();
        return list.map(Latest::cursor)
                .filter(cursor -> !cursor.epoch().equals(head.epoch()) || cursor.compareTo(head) > 0)
                .orElse(head);
    }

    @Override
    public void deliver(List<Event> delivered) {
        List<Event> events = new ArrayList<>(delivered);
        list.ifPresent(known ->
                events.removeIf(event -> event.offset() <= known.cursor().offset()));
        if (!events.isEmpty()) {
            deliverNew(events);
        }
        List.copyOf(behind).forEach(Stream::catchUp);
    }

    /** Ends all streams, because it is unknown which events each of them has received. */
    @Override
    public void failed(Throwable cause) {
        all().forEach(stream -> stream.failed(cause));
    }

    @Override
    public void historyEnded() {
        all().forEach(Stream::historyEnded);
    }

    private List<Stream> all() {
        List<Stream> all = new ArrayList<>(behind);
        all.addAll(live.all());
        return all;
    }

    private void deliverNew(List<Event> events) {
        releaseList();
        for (int from = 0, to; from < events.size(); from = to) {
            to = step(events, from);
            deliverStep(events.subList(from, to), to == events.size());
        }
        if (hasLast(events)) {
            live.close(CloseReason.COMPLETE);
        }
    }

    /**
     * Encodes events once and writes them to each stream. If there is not enough memory, all streams fall behind, and
     * each of them continues when enough memory is available.
     *
     * @param last whether these are the last events in this turn; the list is written only with the last event of a
     *     turn, because a client replaces its list each time
     */
    private void deliverStep(List<Event> events, boolean last) {
        Cursor before = events.get(0).cursor().at(events.get(0).offset() - 1);
        long added = weightOf(events);
        weight += added;
        list.ifPresent(known -> events.forEach(known::apply));
        if (live.isEmpty()) {
            return;
        }
        long bytes = added + (last && includesList() ? listWeight() : 0);
        if (bytes > OutgoingMemory.SMALL && !memory.suffices(bytes)) {
            live.fallBehind(before);
            return;
        }
        try (Frames frames = encodeNew(events, last)) {
            long taken = live.deliver(frames, before);
            metrics.transmitted(taken * events.size());
        } catch (OutOfMemoryError noDirectMemory) {
            hub.report(noDirectMemory);
            live.fallBehind(before);
        }
    }

    /**
     * Returns the index after the last event of a step. Steps are limited so that little data is queued for a client
     * that stops accepting bytes.
     *
     * @param from the index of the first event of the step
     */
    static int step(List<Event> events, int from) {
        int to = from;
        int bytes = 0;
        do {
            bytes += events.get(to).weight();
            to++;
        } while (to < events.size() && bytes + events.get(to).weight() <= STEP_WEIGHT);
        return to;
    }

    /** Encodes new events. The last event of the turn includes the list if the framing does. */
    private Frames encodeNew(List<Event> events, boolean last) {
        Framing framing = withoutList();
        try (FrameWriter frames = new FrameWriter((int) weightOf(events))) {
            for (int i = 0; i < events.size(); i++) {
                boolean whole = last && i == events.size() - 1;
                frames.event(whole ? what.framing() : framing, events.get(i), whole ? list() : List.of());
            }
            return frames.frames();
        }
    }

    /** Encodes past events without the list, whose state at past positions is not known. */
    Frames encode(List<Event> events) {
        Framing framing = withoutList();
        try (FrameWriter frames = new FrameWriter((int) weightOf(events))) {
            events.forEach(event -> frames.event(framing, event, List.of()));
            return frames.frames();
        }
    }

    private Framing withoutList() {
        return what.framing() instanceof Framing.OfKind ofKind
                ? new Framing.OfKind(ofKind.kind(), false)
                : what.framing();
    }

    private boolean includesList() {
        return what.framing() instanceof Framing.OfKind ofKind && ofKind.list();
    }

    /** Writes the whole list at {@link #position()} to a stream. */
    void writeList(Outlet outlet) {
        if (sharedList == null) {
            sharedList = encodeList();
            hub.afterTurn(this::releaseList);
        }
        outlet.write(sharedList);
    }

    private void releaseList() {
        if (sharedList != null) {
            sharedList.close();
            sharedList = null;
        }
    }

    private Frames encodeList() {
        try (FrameWriter frames = new FrameWriter()) {
            if (what.framing() instanceof Framing.OfKind ofKind) {
                frames.snapshot(ofKind.kind(), position(), list());
            }
            return frames.frames();
        }
    }

    /** Returns the weight of the list in bytes. */
    long listWeight() {
        return list.map(Latest::weight).orElse(0L);
    }

    static long weightOf(List<Event> events) {
        long bytes = 0;
        for (Event event : events) {
            bytes += event.weight();
        }
        return bytes;
    }

    boolean hasList() {
        return list.isPresent();
    }

    boolean hasLast(List<Event> events) {
        return what.last().isPresent() && events.stream().anyMatch(what.last().get());
    }

    What what() {
        return what;
    }

    /** Returns the kind under which this group's streams are counted. */
    Kind kind() {
        Set<Kind> kinds = what.selection().kinds();
        return kinds.size() == 1 ? kinds.iterator().next() : Kind.OTHER;
    }

    Selection selection() {
        return what.selection();
    }

    String snapshotPath() {
        return what.snapshotPath();
    }

    /** Returns the total {@link Event#weight()} of the events delivered since the group was created. */
    long weight() {
        return weight;
    }

    void joinLive(Stream stream, Outlet outlet) {
        behind.remove(stream);
        live.add(stream, outlet);
    }

    void joinBehind(Stream stream) {
        leave(stream);
        behind.add(stream);
    }

    void leave(Stream stream) {
        behind.remove(stream);
        live.remove(stream);
    }

    boolean isEmpty() {
        return live.isEmpty() && behind.isEmpty();
    }

    void close() {
        hub.leave(subscription);
    }

    private List<Event> list() {
        return list.map(known -> known.snapshot().events()).orElse(List.of());
    }

    private Snapshot visible(Snapshot snapshot) {
        return new Snapshot(
                snapshot.cursor(),
                snapshot.events().stream().filter(what.selection()::matches).toList());
    }
}
