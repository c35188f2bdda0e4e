package io.tidegate.auth;

import io.tidegate.auth.token.AuthOptions;
import io.vertx.core.http.Cookie;
import io.vertx.core.http.CookieSameSite;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.util.Locale;
import java.util.function.Function;

/** Builds the cookie that holds a token in browsers. */
final class SessionCookie {

    static final String NAME = "tidegate";

    private final boolean alwaysSecure;
    private final Function<HttpServerRequest, String> mountPath;

    /**
     * Creates a builder of session cookies.
     *
     * @param mountPath returns the path under which the client reaches the gateway, without a trailing slash
     */
    SessionCookie(AuthOptions options, Function<HttpServerRequest, String> mountPath) {
        this.alwaysSecure = options.secureCookie();
        this.mountPath = mountPath;
    }

    Cookie withToken(String token, Duration life, HttpServerRequest request) {
        return cookie(token, request).setMaxAge(life.toSeconds());
    }

    /** Returns a cookie that makes the browser delete the stored cookie. */
    Cookie expired(HttpServerRequest request) {
        return cookie("", request).setMaxAge(0);
    }

    /**
     * Builds a cookie with {@code SameSite=Lax}. A signed-in user who follows a link from a chat or an issue tracker
     * should stay signed in. {@code Strict} would prevent that, even after a redirect by the gateway (observed in Chromium 156).
     * State-changing requests are nevertheless protected because {@link Guard} requires proof of their origin.
     */
    private Cookie cookie(String value, HttpServerRequest request) {
        return Cookie.cookie(NAME, value)
                .setHttpOnly(true)
                .setSameSite(CookieSameSite.LAX)
                .setPath(mountPath.apply(request) + '/')
                .setSecure(alwaysSecure || sentOverTls(request));
    }

    /**
     * Returns whether the client used TLS. {@code X-Forwarded-Proto} is accepted from any client, because a client that
     * forges it only gets a stricter cookie.
     */
    private static boolean sentOverTls(HttpServerRequest request) {
        String forwarded = request.getHeader("X-Forwarded-Proto");
        return request.isSSL()
                || forwarded != null && forwarded.toLowerCase(Locale.ROOT).startsWith("https");
    }
}
