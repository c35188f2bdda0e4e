package io.tidegate.proxy;

import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.RoutingContext;

/**
 * Observes one request to an origin and its response while they are relayed. Called on the event loop of the request;
 * not called for WebSockets. An observer must not block or modify its arguments; its exceptions are logged and do not
 * affect the exchange. An observer must copy the bytes that it wants to keep, because it does not own the buffers.
 */
public interface Observer {

    /** An observer that does nothing. */
    Observer NONE = new Observer() {};

    private static String key() {
        return Observer.class.getName();
    }

    /**
     * Sets the observer of this request, which is used if the request is sent to an origin. Must be called before the
     * proxy's handler runs.
     */
    static void set(RoutingContext ctx, Observer observer) {
        ctx.put(key(), observer);
    }

    static Observer of(RoutingContext ctx) {
        return ctx.<Observer>get(key(), NONE);
    }

    /**
     * Returns whether the observer reads the response content. If so, only content codings that
     * {@link io.tidegate.edge.message.ContentCoding} can decode are offered to the origin.
     */
    default boolean readsResponse() {
        return false;
    }

    /** Receives each chunk of the request body. */
    default void requestBody(Buffer chunk) {}

    /** Receives the head of the final response as sent by the origin. */
    default void responseHead(int status, MultiMap headers) {}

    /** Receives each chunk of the response body. */
    default void responseBody(Buffer chunk) {}

    /** Called when the response is complete; not called if the response breaks off. */
    default void responseEnd() {}
}
