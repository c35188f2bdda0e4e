package io.tidegate.proxy;

import io.tidegate.problem.ProblemException;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.ext.web.RoutingContext;
import java.util.Optional;

/**
 * Takes over the response to a client when its origin requests this: the response to the client stays open, while the
 * request to the origin ends. Owned by one event loop.
 */
public interface ResponseInterceptor {

    /** An interceptor that intercepts no response. */
    ResponseInterceptor NONE = new ResponseInterceptor() {
        @Override
        public void prepareRequest(MultiMap toOrigin, RoutingContext ctx) {
            // No field is needed.
        }

        @Override
        public Optional<Held> intercept(HttpClientResponse originResponse, RoutingContext ctx) {
            return Optional.empty();
        }
    };

    /**
     * Adds the fields that announce to the origin that its response may be held; called right before the head is sent.
     */
    void prepareRequest(MultiMap toOrigin, RoutingContext ctx);

    /**
     * Inspects the head of an origin's response and removes the fields that are not meant for the client.
     *
     * @return the owner of the client's response after the origin's response is complete; empty if the response is not
     *     to be held. The owner uses the context to detect a disconnect of the client, even before {@link Held#begin}
     * @throws ProblemException if the origin requests an operation that is not possible; the client receives the problem
     */
    Optional<Held> intercept(HttpClientResponse originResponse, RoutingContext ctx);

    /** Continues the response to a client after the origin's response is complete. */
    interface Held {

        /** Returns whether the origin's body is passed to {@link #begin} and neither head nor body is relayed. */
        boolean consumesBody();

        /**
         * Takes ownership of the client's response, which has not ended. Unless {@link #consumesBody}, the origin's
         * head and body have been written to it.
         *
         * @param body the origin's body if {@link #consumesBody}; otherwise empty
         * @throws ProblemException if the body requests an operation that is not possible; in this case nothing has been
         *     written
         */
        void begin(Buffer body);
    }
}
