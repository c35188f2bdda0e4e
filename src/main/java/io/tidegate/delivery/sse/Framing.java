package io.tidegate.delivery.sse;

import io.tidegate.event.Kind;

/** How an event looks inside a frame. */
public sealed interface Framing {

    /** {@code event: item.created}, {@code data:} what was published. */
    record Named() implements Framing {}

    /** Unnamed: {@code data: {"type":…,"payload":…}}. */
    record Envelope() implements Framing {}

    /**
     * Unnamed, of one kind: {@code data: {"type":"session_created","session":{…},"sessions":[…]}}.
     *
     * @param list whether each event carries the list as it is after that event
     */
    record OfKind(Kind kind, boolean list) implements Framing {}
}
