package io.tidegate.auth;

import io.tidegate.edge.message.Upgrade;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.HostAndPort;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Decides whether a browser request was caused by a page of the gateway or by another site. Uses <a
 * href="https://www.w3.org/TR/fetch-metadata/">Fetch Metadata</a> or, for browsers that do not support it, the <a
 * href="https://www.rfc-editor.org/rfc/rfc6454#section-7">Origin</a> header. A request with neither header counts as
 * unproven.
 */
public final class SameOrigin {

    private static final String FETCH_SITE = "Sec-Fetch-Site";
    private static final String SECURE = "https://";
    private static final String PLAIN = "http://";

    private SameOrigin() {}

    /**
     * Returns whether the request may have side effects and therefore needs proof of its origin. {@code GET} and
     * {@code HEAD} requests have none, and other sites cannot read the responses.
     */
    static boolean needsProof(HttpServerRequest request) {
        return !request.method().equals(HttpMethod.GET) && !request.method().equals(HttpMethod.HEAD);
    }

    /** Returns whether the request is known to come from a page of the gateway or directly from the user. */
    static boolean proven(HttpServerRequest request) {
        List<String> sites = request.headers().getAll(FETCH_SITE);
        if (!sites.isEmpty()) {
            // "none" means that the user caused the request, for example by typing an address or opening a bookmark.
            return sites.size() == 1 && List.of("same-origin", "none").contains(sites.get(0));
        }
        return !request.headers().getAll(HttpHeaders.ORIGIN).isEmpty() && !namesAnotherHost(request);
    }

    /**
     * Returns whether a page of another site is opening a WebSocket with the gateway's cookie. Browsers send such a
     * request without a preflight request. Other cookies belong to the origin, which must check them itself.
     *
     * @param host the host that the client used
     */
    public static boolean isForeignUpgrade(HttpServerRequest request, @Nullable HostAndPort host) {
        return !Upgrade.offered(request).isEmpty()
                && PresentedCredentials.hasCookie(request)
                && (request.headers().contains(FETCH_SITE) ? !proven(request) : namesAnotherHost(request, host));
    }

    /** Returns whether {@code Origin} is present and names a host other than that of the request. */
    private static boolean namesAnotherHost(HttpServerRequest request) {
        return namesAnotherHost(request, request.authority());
    }

    private static boolean namesAnotherHost(HttpServerRequest request, @Nullable HostAndPort host) {
        List<String> origins = request.headers().getAll(HttpHeaders.ORIGIN);
        return !origins.isEmpty()
                && (origins.size() > 1 || host == null || !matches(origins.get(0), host.toString(), request.isSSL()));
    }

    /**
     * Returns whether the browser states that the request was caused by another site or by another host of the same
     * site.
     */
    static boolean foreign(HttpServerRequest request) {
        return !request.headers().getAll(FETCH_SITE).isEmpty() && !proven(request);
    }

    private static boolean matches(String origin, String host, boolean tls) {
        String from = origin.toLowerCase(Locale.ROOT);
        String to = host.toLowerCase(Locale.ROOT);
        if (from.startsWith(SECURE)) {
            return same(from.substring(SECURE.length()), to, ":443");
        }
        return !tls && from.startsWith(PLAIN) && same(from.substring(PLAIN.length()), to, ":80");
    }

    private static boolean same(String from, String to, String defaultPort) {
        return !from.isEmpty() && without(from, defaultPort).equals(without(to, defaultPort));
    }

    private static String without(String authority, String port) {
        return authority.endsWith(port) ? authority.substring(0, authority.length() - port.length()) : authority;
    }
}
