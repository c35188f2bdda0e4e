package io.tidegate.proxy;

import io.tidegate.problem.Code;
import io.tidegate.problem.LogLimit;
import io.tidegate.problem.Problem;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.ext.web.RoutingContext;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Marks forwarded messages with the name of this gateway, and responds to requests that must not be forwarded any
 * further: requests that already carry the name, and {@code OPTIONS} and {@code TRACE} requests whose
 * {@code Max-Forwards} is 0 (<a href="https://www.rfc-editor.org/rfc/rfc9110#section-7.6">RFC 9110 7.6.2 and
 * 7.6.3</a>). Owned by one event loop.
 *
 * @param name the name of this gateway, which must be unique, so that a chain of gateways is not mistaken for a loop
 */
record Via(String name, LogLimit loops) {

    private static final Logger LOG = LoggerFactory.getLogger(Via.class);
    private static final String FIELD = "Via";
    private static final String MAX_FORWARDS = "Max-Forwards";

    /** Adds the name to a message that was received with the given HTTP version. */
    void mark(MultiMap headers, HttpVersion received) {
        String version = received == HttpVersion.HTTP_2 ? "2.0" : received == HttpVersion.HTTP_1_0 ? "1.0" : "1.1";
        headers.add(FIELD, version + ' ' + name);
    }

    /** Responds to a request that must not be forwarded; returns false if the request may be forwarded. */
    boolean ends(RoutingContext ctx) {
        HttpServerRequest request = ctx.request();
        if (isLoop(request)) {
            if (loops.permits()) {
                LOG.warn("event=proxy-loop path={}", request.path());
            }
            ctx.fail(Problem.of(Code.LOOP_DETECTED, "an origin must not send requests back to the gateway")
                    .toException());
            return true;
        }
        if (forwardsLeft(request).filter(left -> left == 0).isEmpty()) {
            return false;
        }
        if (request.method().equals(HttpMethod.OPTIONS)) {
            ctx.response().setStatusCode(204).end();
        } else {
            ctx.fail(Problem.of(Code.NOT_IMPLEMENTED, "TRACE must be forwarded to an origin")
                    .toException());
        }
        return true;
    }

    /** Decrements {@code Max-Forwards} in a request that is forwarded. */
    void count(HttpServerRequest request, MultiMap toOrigin) {
        forwardsLeft(request).ifPresent(left -> toOrigin.set(MAX_FORWARDS, Long.toString(left - 1)));
    }

    private boolean isLoop(HttpServerRequest request) {
        if (!request.headers().contains(FIELD)) {
            return false;
        }
        for (String line : request.headers().getAll(FIELD)) {
            for (String received : line.split(",", -1)) {
                String[] words = received.strip().split("\\s+", -1);
                if (words.length > 1 && words[1].equalsIgnoreCase(name)) {
                    return true;
                }
            }
        }
        return false;
    }

    private static Optional<Long> forwardsLeft(HttpServerRequest request) {
        if (!request.method().equals(HttpMethod.OPTIONS) && !request.method().equals(HttpMethod.TRACE)) {
            return Optional.empty();
        }
        return Optional.ofNullable(request.getHeader(MAX_FORWARDS))
                .filter(text -> text.matches("[0-9]{1,9}"))
                .map(Long::valueOf);
    }
}
