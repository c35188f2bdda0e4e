package io.tidegate.ops;

import io.netty.util.NetUtil;
import io.tidegate.problem.Code;
import io.tidegate.problem.Problem;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.HostAndPort;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Refuses requests to the management port that pages of web sites cause in the browser of somebody who can reach it.
 * The port needs no token and serves no pages, so no page has a reason to send anything to it.
 *
 * <ul>
 *   <li>A page may send {@code POST} requests to any host without a preflight request. Browsers add {@code Origin} and
 *       {@code Sec-Fetch-Site} to them (<a href="https://www.w3.org/TR/fetch-metadata/">Fetch Metadata</a>).
 *   <li>A page of a host whose name its owner resolves to the address of this port (DNS rebinding) may also read
 *       responses. Its requests have that name in {@code Host}.
 * </ul>
 */
final class PageRequests implements Handler<RoutingContext> {

    private static final Set<HttpMethod> READING = Set.of(HttpMethod.GET, HttpMethod.HEAD);

    private final ManagementOptions options;

    PageRequests(ManagementOptions options) {
        this.options = options;
    }

    @Override
    public void handle(RoutingContext ctx) {
        HttpServerRequest request = ctx.request();
        HostAndPort host = request.authority();
        if (host != null && !isOwn(host.host())) {
            ctx.fail(Problem.of(
                            Code.INVALID_TARGET,
                            "the host must be an address, a name without a dot, or one of management.hosts")
                    .toException());
        } else if (!READING.contains(request.method()) && isFromPage(request)) {
            ctx.fail(Problem.of(Code.CROSS_SITE, "pages must not send requests to this port")
                    .toException());
        } else {
            ctx.next();
        }
    }

    /** Returns whether the name belongs to this port: nobody can register an address, or a name without a dot. */
    private boolean isOwn(String host) {
        String name = host.toLowerCase(Locale.ROOT);
        return name.indexOf('.') < 0
                || name.endsWith(".localhost")
                || NetUtil.isValidIpV4Address(name)
                || NetUtil.isValidIpV6Address(name)
                || name.equals(options.host())
                || options.hosts().contains(name);
    }

    private static boolean isFromPage(HttpServerRequest request) {
        List<String> sites = request.headers().getAll("Sec-Fetch-Site");
        return request.headers().contains(HttpHeaders.ORIGIN) || !sites.isEmpty() && !sites.equals(List.of("none"));
    }
}
