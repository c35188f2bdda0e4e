package io.tidegate.adapter.tap;

import io.tidegate.event.Kind;

/** Learns what became of requests that a tap is on. Called on any event loop. */
@FunctionalInterface
public interface TapListener {

    /** What became of one. */
    enum Outcome {
        /** It is in the journal. */
        PUBLISHED,
        /** The watch of the kind had told it before. */
        KNOWN,
        /** The body is larger than the tap looks at. */
        TOO_LARGE,
        /** The body is in a content coding other than gzip. */
        ENCODED,
        /** The body is no JSON. */
        NOT_JSON,
        /** The data has no key where it should be. */
        NO_KEY,
        /** Topic, key or data are not what the topic needs. */
        UNFIT,
        /** The answer broke off, or came before the request was whole. */
        CUT_OFF,
        /** Too many bodies are looked at already. */
        BUSY,
        /** The journal did not take it. */
        REFUSED
    }

    void tapped(Kind kind, Outcome outcome);
}
