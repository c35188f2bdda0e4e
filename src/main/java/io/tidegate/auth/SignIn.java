package io.tidegate.auth;

import io.tidegate.problem.Code;
import io.tidegate.problem.Problem;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.http.Cookie;
import io.vertx.core.http.CookieSameSite;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/**
 * Turns the ticket of a page's address into the cookie, and sends the browser to the same address without it, so that
 * the ticket stays in no history and no Referer. Every request that is not a page with a ticket goes on to the next
 * handler. Safe from every event loop.
 */
public final class SignIn implements Handler<RoutingContext> {

    private final Tokens tokens;
    private final Tickets tickets;
    private final Clock clock;

    public SignIn(Tokens tokens, Tickets tickets, Clock clock) {
        this.tokens = tokens;
        this.tickets = tickets;
        this.clock = clock;
    }

    @Override
    public void handle(RoutingContext ctx) {
        if (!wantsPage(ctx.request())) {
            ctx.next();
            return;
        }
        Future.succeededFuture(ctx)
                .map(Carriers::of)
                .onComplete(
                        carriers -> {
                            if (carriers.ticket().isPresent()) {
                                exchange(ctx, carriers);
                            } else {
                                ctx.next();
                            }
                        },
                        refusal -> Refusal.send(ctx, refusal));
    }

    private void exchange(RoutingContext ctx, Carriers carriers) {
        signedIn(carriers)
                .map(before -> {
                    String page = location(ctx);
                    Optional<Credential> now = carriers.ticket().flatMap(tickets::use);
                    refuseSwap(ctx, before, now);
                    // An address from the terminal opened again later: its ticket is over, the cookie is not.
                    if (now.isEmpty() && before.isEmpty()) {
                        throw Refusal.TICKET.toException();
                    }
                    now.ifPresent(credential -> ctx.response().addCookie(cookie(credential, ctx.request())));
                    return page;
                })
                .onComplete(page -> redirect(ctx, page), refusal -> Refusal.send(ctx, refusal));
    }

    /** A cookie that no longer holds, such as one of another gateway on this host, must not keep anyone out. */
    private Future<Optional<Caller>> signedIn(Carriers carriers) {
        return carriers.cookie()
                .map(token -> tokens.verify(token).map(Optional::of).otherwise(Optional.empty()))
                .orElseGet(() -> Future.succeededFuture(Optional.empty()));
    }

    private static void refuseSwap(RoutingContext ctx, Optional<Caller> before, Optional<Credential> now) {
        boolean swap = before.isPresent()
                && now.isPresent()
                && !before.get().subject().equals(now.get().caller().subject());
        if (swap && SameOrigin.foreign(ctx.request())) {
            throw Problem.of(Code.CROSS_SITE, "a link on another site may not change who is signed in")
                    .toException();
        }
    }

    /**
     * SameSite is Lax: a link to a page from a chat or an issue tracker must find its reader signed in, which Strict would
     * not allow, not even after our own redirect (seen in Chromium 156). Changes are safe all the same, by the proof that {@link Guard} asks for.
     */
    private Cookie cookie(Credential credential, HttpServerRequest request) {
        return Cookie.cookie(Carriers.COOKIE, credential.token())
                .setHttpOnly(true)
                .setSameSite(CookieSameSite.LAX)
                .setPath("/")
                .setSecure(secure(request))
                .setMaxAge(Duration.between(clock.instant(), credential.caller().expires())
                        .toSeconds());
    }

    /** Who lies in this header only gets a stricter cookie, so it needs no trusted proxy. */
    private static boolean secure(HttpServerRequest request) {
        String forwarded = request.getHeader("X-Forwarded-Proto");
        return request.isSSL()
                || forwarded != null && forwarded.toLowerCase(Locale.ROOT).startsWith("https");
    }

    private static void redirect(RoutingContext ctx, String page) {
        ctx.response()
                .setStatusCode(303)
                .putHeader(HttpHeaders.LOCATION, page)
                .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
                .putHeader("Referrer-Policy", "no-referrer")
                .end();
    }

    /** Browsers read {@code //host} and {@code /\host} as another host: one slash leads, whatever was asked for. */
    private static String location(RoutingContext ctx) {
        String path = "/" + ctx.request().path().replaceFirst("^[/\\\\]*", "");
        if (!path.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
            throw Problem.of(Code.INVALID_TARGET, "a path has no bytes but printable ASCII ones")
                    .toException();
        }
        String query = StreamSupport.stream(ctx.queryParams().spliterator(), false)
                .filter(parameter -> !parameter.getKey().equalsIgnoreCase(Carriers.TICKET))
                .map(SignIn::encoded)
                .collect(Collectors.joining("&"));
        return query.isEmpty() ? path : path + '?' + query;
    }

    private static String encoded(Map.Entry<String, String> parameter) {
        return URLEncoder.encode(parameter.getKey(), StandardCharsets.UTF_8)
                + '='
                + URLEncoder.encode(parameter.getValue(), StandardCharsets.UTF_8);
    }

    private static boolean wantsPage(HttpServerRequest request) {
        String accept = request.getHeader(HttpHeaders.ACCEPT);
        return request.method().equals(HttpMethod.GET)
                && request.query() != null
                && accept != null
                && accept.toLowerCase(Locale.ROOT).contains("text/html");
    }
}
