package io.tidegate.http;

import io.tidegate.auth.SameOrigin;
import io.tidegate.edge.message.RequestHead;
import io.tidegate.problem.Code;
import io.tidegate.problem.Problem;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Set;

/** What every request meets before any route, and what every answer carries. Belongs to one event loop. */
final class RequestSanity {

    private static final String CONTENT_TYPE_OPTIONS = "X-Content-Type-Options";
    private static final List<CharSequence> OURS = List.of(
            CONTENT_TYPE_OPTIONS,
            HttpHeaders.VARY,
            HttpHeaders.ACCESS_CONTROL_ALLOW_ORIGIN,
            HttpHeaders.ACCESS_CONTROL_ALLOW_CREDENTIALS,
            HttpHeaders.ACCESS_CONTROL_EXPOSE_HEADERS);

    private static final String TRANSPORT_SECURITY = "Strict-Transport-Security";

    private final Cors cors;
    private final long hsts;

    RequestSanity(HttpOptions options) {
        cors = new Cors(options.cors());
        hsts = options.tls().enabled() ? options.tls().hsts().toSeconds() : 0;
    }

    /** Writes what any answer to this request carries; before anyone may answer it. */
    void stamp(HttpServerRequest request) {
        MultiMap answer = request.response().headers();
        answer.set(CONTENT_TYPE_OPTIONS, "nosniff");
        secure(answer);
        cors.stamp(request, answer);
    }

    private void secure(MultiMap answer) {
        if (hsts > 0) {
            answer.set(TRANSPORT_SECURITY, "max-age=" + hsts);
        }
    }

    /**
     * Refuses what could mean two things to us and to whoever stands before or behind us: a {@link RequestTarget} that is not
     * plain, no or a second {@code Host}, and a WebSocket that the page of another site opens with cookies of ours, which
     * browsers send along and no preflight asks for.
     */
    void enter(RoutingContext ctx) {
        HttpServerRequest request = ctx.request();
        if (!RequestTarget.plain(request.uri())) {
            ctx.fail(Problem.of(Code.INVALID_TARGET, "the path is not in its plain form")
                    .toException());
        } else if (!RequestHead.namesOneHost(request)) {
            ctx.fail(Problem.of(Code.INVALID_TARGET, "it is not clear which host is meant")
                    .toException());
        } else if (foreignUpgrade(request)) {
            ctx.fail(Problem.of(Code.CROSS_SITE, "a WebSocket with cookies must be opened by a page of this host")
                    .toException());
        } else {
            ctx.next();
        }
    }

    /** Before a request is passed on: its origin's word goes before ours, which is said where it is silent. */
    void passOn(RoutingContext ctx) {
        MultiMap answer = ctx.response().headers();
        OURS.forEach(answer::remove);
        ctx.addHeadersEndHandler(head -> {
            secure(answer);
            cors.stamp(ctx.request(), answer);
        });
    }

    /** To stand behind the routes of one of our paths. */
    void preflight(RoutingContext ctx, Set<HttpMethod> methods) {
        cors.preflight(methods).handle(ctx);
    }

    private boolean foreignUpgrade(HttpServerRequest request) {
        return request.canUpgradeToWebSocket()
                && request.headers().contains(HttpHeaders.COOKIE)
                && SameOrigin.namesAnotherHost(request)
                && !cors.allows(request);
    }
}
