package io.tidegate.proxy;

import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.RoutingContext;

/**
 * Sees a request on its way to its origin, and the answer on its way back, as they pass. It changes nothing and holds
 * nothing up; what it throws is logged and no matter of the exchange. Called on the event loop of the request, for one
 * request; not for WebSockets. The buffers are not its own: what it wants to keep, it copies.
 */
public interface Observer {

    /** Looks at nothing. */
    Observer NONE = new Observer() {};

    private static String key() {
        return Observer.class.getName();
    }

    /** Lets this one see the request of the context, if an origin gets it. To be called before the proxy's handler. */
    static void set(RoutingContext ctx, Observer observer) {
        ctx.put(key(), observer);
    }

    static Observer of(RoutingContext ctx) {
        return ctx.<Observer>get(key(), NONE);
    }

    /** Some of the request's body. */
    default void request(Buffer chunk) {}

    /** The head of the final answer, as the origin sent it. */
    default void answer(int status, MultiMap headers) {}

    /** Some of the answer's body. */
    default void response(Buffer chunk) {}

    /** The origin's answer is whole. An answer that breaks off never ends. */
    default void end() {}
}
