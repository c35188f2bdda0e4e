package io.tidegate.auth;

import io.tidegate.access.Caller;
import io.tidegate.auth.token.AuthOptions;
import io.tidegate.auth.token.Refusal;
import io.tidegate.auth.token.Tokens;
import io.tidegate.problem.Code;
import io.tidegate.problem.Problem;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.HttpException;
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
    private final SessionCookie cookie;
    private final Clock clock;

    public SignIn(Tokens tokens, Tickets tickets, AuthOptions options, Clock clock) {
        this.tokens = tokens;
        this.tickets = tickets;
        this.cookie = new SessionCookie(options);
        this.clock = clock;
    }

    @Override
    public void handle(RoutingContext ctx) {
        if (!wanted(ctx)) {
            ctx.next();
            return;
        }
        Future.succeededFuture(ctx)
                .map(PresentedCredentials::of)
                .onComplete(carriers -> exchange(ctx, carriers), refusal -> Refusal.send(ctx, refusal));
    }

    private void exchange(RoutingContext ctx, PresentedCredentials carriers) {
        signedIn(carriers)
                .map(before -> {
                    String page = location(ctx);
                    Optional<Credential> now = carriers.ticket().flatMap(tickets::use);
                    refuseSwap(ctx, before, now);
                    // An address from the terminal opened again later: its ticket is over, the cookie is not.
                    if (now.isEmpty() && before.isEmpty()) {
                        throw Refusal.TICKET.toException();
                    }
                    now.ifPresent(credential -> ctx.response()
                            .addCookie(cookie.holding(credential.token(), left(credential), ctx.request())));
                    return page;
                })
                .onComplete(page -> redirect(ctx, page), refusal -> Refusal.send(ctx, refusal));
    }

    /** A cookie that no longer holds, such as one of another gateway on this host, must not keep anyone out. */
    private Future<Optional<Caller>> signedIn(PresentedCredentials carriers) {
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

    private Duration left(Credential credential) {
        return Duration.between(clock.instant(), credential.caller().expires());
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
                .filter(parameter -> !parameter.getKey().equalsIgnoreCase(PresentedCredentials.TICKET)
                        || !Ticket.looksLike(parameter.getValue()))
                .map(SignIn::encoded)
                .collect(Collectors.joining("&"));
        return query.isEmpty() ? path : path + '?' + query;
    }

    private static String encoded(Map.Entry<String, String> parameter) {
        return URLEncoder.encode(parameter.getKey(), StandardCharsets.UTF_8)
                + '='
                + URLEncoder.encode(parameter.getValue(), StandardCharsets.UTF_8);
    }

    /** Returns whether a page is asked for with a ticket of ours; a ticket of another form is for the page's origin. */
    public static boolean wanted(RoutingContext ctx) {
        HttpServerRequest request = ctx.request();
        String accept = request.getHeader(HttpHeaders.ACCEPT);
        return request.method().equals(HttpMethod.GET)
                && request.query() != null
                && accept != null
                && accept.toLowerCase(Locale.ROOT).contains("text/html")
                && bringsTicket(ctx);
    }

    private static boolean bringsTicket(RoutingContext ctx) {
        try {
            return ctx.queryParam(PresentedCredentials.TICKET).stream().anyMatch(Ticket::looksLike);
        } catch (HttpException notDecoded) {
            return false;
        }
    }
}
