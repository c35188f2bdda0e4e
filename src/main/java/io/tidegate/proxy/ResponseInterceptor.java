package io.tidegate.proxy;

import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.ext.web.RoutingContext;
import java.util.Optional;

/**
 * Keeps a client whose origin has answered and asks for that: the response stays open, and the origin is free. Belongs
 * to one event loop.
 */
public interface ResponseInterceptor {

    /** Nobody is held. */
    ResponseInterceptor NONE = new ResponseInterceptor() {
        @Override
        public void ask(MultiMap toOrigin, RoutingContext ctx) {
            // There is nothing to be told.
        }

        @Override
        public Optional<Held> of(HttpClientResponse answer, RoutingContext ctx) {
            return Optional.empty();
        }
    };

    /** Writes into the head of a request, right before it is sent, what lets its origin know that its answer may be held. */
    void ask(MultiMap toOrigin, RoutingContext ctx);

    /**
     * Looks at the head of an answer, and takes out of it what is not for the client.
     *
     * @return what has the response once the answer has come; it learns from the context when the client goes, before that
     *     too
     * @throws IllegalArgumentException when the origin asks for what cannot be done
     */
    Optional<Held> of(HttpClientResponse answer, RoutingContext ctx);

    /** What goes on with a response. */
    interface Held {

        /** Whether the answer is not passed on but given to {@link #begin}, and nothing of it written. */
        boolean takesAnswer();

        /**
         * The response is its own from now on: not ended, and its head written with the origin's, unless it takes the
         * answer.
         *
         * @param body of the answer that it takes; else empty
         * @throws IllegalArgumentException when the origin asks in the body for what cannot be done, and nothing was written
         */
        void begin(Buffer body);
    }
}
