package io.tidegate.http;

import io.tidegate.auth.SameOrigin;
import io.tidegate.edge.client.TrustedProxies;
import io.tidegate.edge.message.HopByHop;
import io.tidegate.edge.message.RequestHead;
import io.tidegate.problem.Code;
import io.tidegate.problem.LogLimit;
import io.tidegate.problem.Problem;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Checks every request before it is routed, and adds the headers that are common to all responses. Owned by one event
 * loop.
 */
final class RequestSanity {

    private static final String CONTENT_TYPE_OPTIONS = "X-Content-Type-Options";
    private static final List<CharSequence> OWN_FIELDS = List.of(
            CONTENT_TYPE_OPTIONS,
            HttpHeaders.VARY,
            HttpHeaders.ACCESS_CONTROL_ALLOW_ORIGIN,
            HttpHeaders.ACCESS_CONTROL_ALLOW_CREDENTIALS,
            HttpHeaders.ACCESS_CONTROL_EXPOSE_HEADERS);

    private static final String TRANSPORT_SECURITY = "Strict-Transport-Security";

    private static final Logger LOG = LoggerFactory.getLogger(RequestSanity.class);
    private static final Pattern UNPRINTABLE = Pattern.compile("[^!#-~]");
    private static final int MAX_LOGGED = 200;

    private final Cors cors;
    private final TrustedProxies proxies;
    private final Predicate<HttpServerRequest> pages;
    private final LogLimit crossSiteLog = new LogLimit();
    private final long hsts;

    /**
     * Creates the checks for the given options.
     *
     * @param pages tests whether the origin server for a request admits the page that sent it, even if the page belongs
     *     to another site
     */
    RequestSanity(HttpOptions options, Predicate<HttpServerRequest> pages) {
        this.proxies = options.proxies();
        this.pages = pages;
        cors = new Cors(options.cors());
        hsts = options.tls().enabled() ? options.tls().hsts().toSeconds() : 0;
    }

    /** Adds the headers that are common to all responses. Must be called before any handler can respond. */
    void addHeaders(HttpServerRequest request) {
        MultiMap responseHeaders = request.response().headers();
        responseHeaders.set(CONTENT_TYPE_OPTIONS, "nosniff");
        secure(responseHeaders);
        cors.addHeaders(request, responseHeaders);
    }

    private void secure(MultiMap responseHeaders) {
        if (hsts > 0) {
            responseHeaders.set(TRANSPORT_SECURITY, "max-age=" + hsts);
        }
    }

    /**
     * Rejects requests that do not name exactly one host, because a proxy in front of the gateway or an origin behind
     * it could choose a different one. Also rejects WebSockets that are opened by a page of another site with the
     * gateway's cookie, because browsers send the cookie without a preflight request.
     */
    void check(RoutingContext ctx) {
        HttpServerRequest request = ctx.request();
        if (HttpHeaders.CONTINUE.toString().equalsIgnoreCase(request.getHeader(HttpHeaders.EXPECT))) {
            closeIfRefused(ctx);
        }
        if (HopByHop.namesEndToEndField(request.headers())) {
            ctx.fail(Problem.of(
                            Code.MALFORMED_REQUEST,
                            "Connection must not name a field that the message needs, such as Content-Length or Host")
                    .toException());
        } else if (!RequestHead.namesOneHost(request)) {
            ctx.fail(Problem.of(Code.INVALID_TARGET, "the request must name exactly one host")
                    .toException());
        } else if (isCrossSiteUpgrade(request)) {
            logCrossSite(request);
            ctx.fail(Problem.of(
                            Code.CROSS_SITE,
                            "a WebSocket with the gateway's cookie must be opened by a page of this host")
                    .toException());
        } else {
            ctx.next();
        }
    }

    /**
     * Arranges for the connection to be closed after the final response to a client that waits for permission to send
     * the body, unless the body has been read by then. Such a client may omit the body, so it is unknown where its next
     * request begins (<a href="https://www.rfc-editor.org/rfc/rfc9110#section-10.1.1">RFC 9110, 10.1.1</a>).
     */
    private static void closeIfRefused(RoutingContext ctx) {
        HttpServerRequest request = ctx.request();
        if (request.version() == HttpVersion.HTTP_2) {
            return;
        }
        AtomicBoolean refused = new AtomicBoolean();
        ctx.addHeadersEndHandler(head -> {
            if (!request.isEnded() && ctx.response().getStatusCode() >= 200) {
                refused.set(true);
                ctx.response().headers().set(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
            }
        });
        ctx.addEndHandler(sent -> {
            if (refused.get()) {
                request.connection().close();
            }
        });
    }

    /**
     * Prepares a response that will come from an origin. The origin's headers take precedence; missing ones are added
     * when the response head is complete.
     */
    void prepareProxied(RoutingContext ctx) {
        MultiMap responseHeaders = ctx.response().headers();
        OWN_FIELDS.forEach(responseHeaders::remove);
        ctx.addHeadersEndHandler(head -> {
            secure(responseHeaders);
            cors.addHeaders(ctx.request(), responseHeaders);
        });
    }

    /** Handles CORS preflight requests. Called after the routes of one of the gateway's own paths. */
    void preflight(RoutingContext ctx, Set<HttpMethod> methods) {
        cors.preflight(methods).handle(ctx);
    }

    private boolean isCrossSiteUpgrade(HttpServerRequest request) {
        return SameOrigin.isForeignUpgrade(request, proxies.host(request))
                && !cors.allows(request)
                && !pages.test(request);
    }

    private void logCrossSite(HttpServerRequest request) {
        if (crossSiteLog.permits()) {
            LOG.warn(
                    "event=cross-site-refused origin=\"{}\" host=\"{}\"",
                    printable(request.getHeader(HttpHeaders.ORIGIN)),
                    printable(String.valueOf(proxies.host(request))));
        }
    }

    private static String printable(@Nullable String value) {
        String text = UNPRINTABLE.matcher(String.valueOf(value)).replaceAll("?");
        return text.length() > MAX_LOGGED ? text.substring(0, MAX_LOGGED) : text;
    }
}
