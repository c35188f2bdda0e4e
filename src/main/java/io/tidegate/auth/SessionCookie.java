package io.tidegate.auth;

import io.tidegate.auth.token.AuthOptions;
import io.vertx.core.http.Cookie;
import io.vertx.core.http.CookieSameSite;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.util.Locale;

/** The cookie that holds a token, as browsers are given it. */
final class SessionCookie {

    static final String NAME = "tidegate";

    private final boolean alwaysSecure;

    SessionCookie(AuthOptions options) {
        this.alwaysSecure = options.secureCookie();
    }

    Cookie holding(String token, Duration life, HttpServerRequest request) {
        return cookie(token, request).setMaxAge(life.toSeconds());
    }

    /** What makes a browser drop it. */
    Cookie gone(HttpServerRequest request) {
        return cookie("", request).setMaxAge(0);
    }

    /**
     * SameSite is Lax: a link to a page from a chat or an issue tracker must find its reader signed in, which Strict would
     * not allow, not even after our own redirect (seen in Chromium 156). Changes are safe all the same, by the proof that
     * {@link Guard} asks for.
     */
    private Cookie cookie(String value, HttpServerRequest request) {
        return Cookie.cookie(NAME, value)
                .setHttpOnly(true)
                .setSameSite(CookieSameSite.LAX)
                .setPath("/")
                .setSecure(alwaysSecure || cameByTls(request));
    }

    /** Who lies in this header only gets a stricter cookie, so it needs no trusted proxy. */
    private static boolean cameByTls(HttpServerRequest request) {
        String forwarded = request.getHeader("X-Forwarded-Proto");
        return request.isSSL()
                || forwarded != null && forwarded.toLowerCase(Locale.ROOT).startsWith("https");
    }
}
