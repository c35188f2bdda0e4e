package io.tidegate.proxy;

import io.tidegate.problem.ProblemException;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.ext.web.RoutingContext;
import java.util.Optional;

/**
 * Takes over the response to a client if the origin requests this. The response to the client stays open after the
 * request to the origin has ended. Owned by one event loop.
 */
public interface ResponseInterceptor {

    /** An interceptor that does not intercept any responses. */
    ResponseInterceptor NONE = new ResponseInterceptor() {
        @Override
        public void prepareRequest(MultiMap toOrigin, RoutingContext ctx) {
            // No fields are needed.
        }

        @Override
        public Optional<Held> intercept(HttpClientResponse originResponse, RoutingContext ctx) {
            return Optional.empty();
        }
    };

    /** Adds the fields that tell the origin that its response may be held. Called just before the head is sent. */
    void prepareRequest(MultiMap toOrigin, RoutingContext ctx);

    /**
     * Inspects the head of an origin's response and removes the fields that are not meant for the client.
     *
     * @return the object that will own the client's response once the origin's response is complete; empty if the
     *     response is not to be held. The owner uses the context to detect whether the client has disconnected, even
     *     before {@link Held#begin}
     * @throws ProblemException if the origin requests an operation that is not possible; the problem is sent to the
     *     client
     */
    Optional<Held> intercept(HttpClientResponse originResponse, RoutingContext ctx);

    /** Continues the response to a client once the origin's response is complete. */
    interface Held {

        /**
         * Returns whether the origin's body is passed to {@link #begin}, in which case neither the head nor the body is
         * relayed.
         */
        boolean consumesBody();

        /**
         * Takes ownership of the client's response, which has not ended. Unless {@link #consumesBody} returns true, the
         * origin's head and body have been written to that response.
         *
         * @param body the origin's body if {@link #consumesBody} returns true; otherwise empty
         * @throws ProblemException if the body requests an operation that is not possible; in this case nothing has been
         *     written
         */
        void begin(Buffer body);
    }
}
