package io.tidegate.proxy;

import io.tidegate.proxy.origin.Origin;
import io.tidegate.proxy.origin.Origin.Balance;
import io.tidegate.proxy.origin.Server;
import io.vertx.core.http.Cookie;
import io.vertx.core.http.CookieSameSite;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.net.URI;

/** Reads and writes the cookie by which a client stays with the server that served it first. Thread-safe. */
final class ServerCookie {

    private static final String CHOSEN = ServerCookie.class.getName();

    private ServerCookie() {}

    /**
     * Returns the id of the server in the client's cookie; empty if there is no cookie or the origin does not use
     * cookies.
     */
    static String read(HttpServerRequest request, Origin origin) {
        if (origin.balance() != Balance.COOKIE) {
            return "";
        }
        Cookie cookie = request.getCookie(name(origin));
        return cookie == null ? "" : cookie.getValue();
    }

    /**
     * Adds the cookie to the response unless the client already has it. May be called again if another server is
     * chosen.
     *
     * @param mountPath the path under which the client reaches the gateway, without a trailing slash
     */
    static void write(RoutingContext ctx, Origin origin, URI server, String mountPath, boolean secure) {
        if (origin.balance() != Balance.COOKIE) {
            return;
        }
        boolean first = ctx.get(CHOSEN) == null;
        ctx.put(CHOSEN, Server.id(server));
        if (first) {
            // If the cookie were added before the origin's response arrives, the origin's fields would replace it.
            ctx.addHeadersEndHandler(head -> add(ctx, origin, mountPath, secure));
        }
    }

    private static void add(RoutingContext ctx, Origin origin, String mountPath, boolean secure) {
        String chosen = ctx.get(CHOSEN);
        if (!chosen.equals(read(ctx.request(), origin))) {
            Cookie cookie = Cookie.cookie(name(origin), chosen)
                    .setPath(mountPath + '/')
                    .setHttpOnly(true)
                    .setSecure(secure)
                    .setSameSite(CookieSameSite.LAX);
            ctx.response().headers().add(HttpHeaders.SET_COOKIE, cookie.encode());
        }
    }

    /**
     * Returns the name of the origin's cookie. It is derived from the prefix, so that origins on the same host name do
     * not replace each other's cookies.
     */
    private static String name(Origin origin) {
        return "tidegate-server-" + Integer.toHexString(origin.prefix().hashCode());
    }
}
