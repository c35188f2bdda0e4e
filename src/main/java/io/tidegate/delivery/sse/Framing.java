package io.tidegate.delivery.sse;

import io.tidegate.event.Kind;

/** How an event is represented inside a frame. */
sealed interface Framing {

    /** Named: {@code event: item.created}, and {@code data:} with the published data. */
    record Named() implements Framing {}

    /** Unnamed: {@code data: {"type":…,"payload":…}}. */
    record Envelope() implements Framing {}

    /**
     * Unnamed, for the streams of one kind: {@code data: {"type":"session_created","session":{…},"sessions":[…]}}.
     *
     * @param list whether each event includes the list as it is after that event
     */
    record OfKind(Kind kind, boolean list) implements Framing {}
}
