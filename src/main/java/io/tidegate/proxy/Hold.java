package io.tidegate.proxy;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.ext.web.RoutingContext;
import java.util.Optional;

/**
 * Keeps a client whose origin has answered and asks for that: the response stays open, and the origin is free. Belongs
 * to one event loop.
 */
public interface Hold {

    /** Nobody is held. */
    Hold NONE = new Hold() {
        @Override
        public void ask(MultiMap toOrigin) {
            // There is nothing to be told.
        }

        @Override
        public Optional<Held> of(HttpClientResponse answer, RoutingContext ctx) {
            return Optional.empty();
        }
    };

    /** Writes into the head of a request what lets its origin know that its answer may be held. */
    void ask(MultiMap toOrigin);

    /**
     * Looks at the head of an answer, and takes out of it what is not for the client.
     *
     * @return what has the response once the answer's body was written to it; it learns from the context when the client
     *     goes, before that too
     * @throws IllegalArgumentException when the origin asks for what cannot be done
     */
    Optional<Held> of(HttpClientResponse answer, RoutingContext ctx);

    /** A client that is held. */
    interface Held {

        /** The response, whose head was written, which is not ended, and on which nobody else writes any more. */
        void begin();
    }
}
