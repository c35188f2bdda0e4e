package io.tidegate.proxy.origin;

import java.util.Locale;

/**
 * Learns what becomes of requests to origins. Called on the event loop of each; must not block. The prefix is that of a
 * configured origin.
 */
public interface OriginListener {

    /** How a request ended. */
    enum Outcome {
        /** An answer was passed on whole, whatever its status. */
        ANSWERED,
        /** The origin's answer, or its side of a WebSocket, broke off. */
        BROKEN,
        UNREACHABLE,
        TIMEOUT,
        /** There was no place for it. */
        BUSY,
        /** The client did not wait for the end. */
        ABANDONED;

        public String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    OriginListener NONE = new OriginListener() {
        @Override
        public void ended(String prefix, TrafficClass lane, Outcome outcome) {}

        @Override
        public void retried(String prefix) {}

        @Override
        public void ejected(String prefix) {}
    };

    void ended(String prefix, TrafficClass lane, Outcome outcome);

    /** No connection came about, and the request goes to another server. */
    void retried(String prefix);

    /** A server is passed over for a while. */
    void ejected(String prefix);
}
