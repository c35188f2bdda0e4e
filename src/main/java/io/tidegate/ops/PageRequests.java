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
 * Refuses requests to the management port that are caused by web pages in the browser of a user who can reach the port.
 * The port requires no token and serves no pages, so no page has a legitimate reason to send requests to it.
 *
 * <ul>
 *   <li>A page may send {@code POST} requests to any host without a preflight request. Browsers add {@code Origin} and
 *       {@code Sec-Fetch-Site} to such requests (<a href="https://www.w3.org/TR/fetch-metadata/">Fetch Metadata</a>).
 *   <li>If the owner of a host name lets it resolve to the address of this port (DNS rebinding), pages of that host may
 *       also read responses. Their requests have the name in {@code Host}.
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

    /**
     * Returns whether the name is safe to accept. Addresses and names without a dot are, because nobody can register
     * them.
     */
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
