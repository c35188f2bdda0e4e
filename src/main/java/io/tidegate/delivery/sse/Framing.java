package io.tidegate.delivery.sse;

import io.tidegate.event.Kind;

/** The representation of an event inside a frame. */
sealed interface Framing {

    /** An event with a name, such as {@code event: item.created}, and the published data in {@code data:}. */
    record Named() implements Framing {}

    /** An event without a name: {@code data: {"type":…,"payload":…}}. */
    record Envelope() implements Framing {}

    /**
     * An event without a name, for the streams of one kind: {@code data:
     * {"type":"session_created","session":{…},"sessions":[…]}}.
     *
     * @param list whether the event includes the list in its state after that event
     */
    record OfKind(Kind kind, boolean list) implements Framing {}
}
