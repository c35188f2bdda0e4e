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
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/**
 * Exchanges the ticket in a page's address for the session cookie and redirects the browser to the same address without
 * the ticket, so that the ticket appears neither in the history nor in a {@code Referer}. Passes all other requests to
 * the next handler. Thread-safe.
 */
public final class SignIn implements Handler<RoutingContext> {

    private final Tokens tokens;
    private final Tickets tickets;
    private final SessionCookie cookie;
    private final Clock clock;
    private final Function<HttpServerRequest, String> mountPath;

    /**
     * Creates a handler that sets session cookies.
     *
     * @param mountPath returns the path under which the client reaches the gateway, without a trailing slash
     */
    public SignIn(
            Tokens tokens,
            Tickets tickets,
            AuthOptions options,
            Clock clock,
            Function<HttpServerRequest, String> mountPath) {
        this.tokens = tokens;
        this.tickets = tickets;
        this.cookie = new SessionCookie(options, mountPath);
        this.mountPath = mountPath;
        this.clock = clock;
    }

    @Override
    public void handle(RoutingContext ctx) {
        if (!isSignIn(ctx)) {
            ctx.next();
            return;
        }
        Future.succeededFuture(ctx)
                .map(PresentedCredentials::of)
                .onComplete(presented -> exchange(ctx, presented), refusal -> Refusal.send(ctx, refusal));
    }

    private void exchange(RoutingContext ctx, PresentedCredentials presented) {
        signedIn(presented)
                .map(before -> {
                    String page = mountPath.apply(ctx.request()) + location(ctx);
                    Optional<Credential> now = presented.ticket().flatMap(tickets::use);
                    refuseSwap(ctx, before, now);
                    // The user may reopen an address from the terminal when its ticket has expired but the cookie has
                    // not.
                    if (now.isEmpty() && before.isEmpty()) {
                        throw Refusal.TICKET.toException();
                    }
                    now.ifPresent(credential -> ctx.response()
                            .addCookie(cookie.withToken(credential.token(), remaining(credential), ctx.request())));
                    return page;
                })
                .onComplete(page -> redirect(ctx, page), refusal -> Refusal.send(ctx, refusal));
    }

    /**
     * Returns the caller that the cookie identifies. An invalid cookie, such as one set by another gateway on this
     * host, is ignored so that it does not prevent a sign-in.
     */
    private Future<Optional<Caller>> signedIn(PresentedCredentials presented) {
        return presented
                .cookie()
                .map(token -> tokens.verify(token).map(Optional::of).otherwise(Optional.empty()))
                .orElseGet(() -> Future.succeededFuture(Optional.empty()));
    }

    private static void refuseSwap(RoutingContext ctx, Optional<Caller> before, Optional<Credential> now) {
        boolean swap = before.isPresent()
                && now.isPresent()
                && !before.get().subject().equals(now.get().caller().subject());
        if (swap && SameOrigin.foreign(ctx.request())) {
            throw Problem.of(Code.CROSS_SITE, "a link on another site must not change the signed-in user")
                    .toException();
        }
    }

    private Duration remaining(Credential credential) {
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

    /**
     * Returns the address without the ticket. It starts with exactly one slash, because browsers interpret
     * {@code //host} and {@code /\host} as addresses of another host.
     */
    private static String location(RoutingContext ctx) {
        String path = "/" + ctx.request().path().replaceFirst("^[/\\\\]*", "");
        if (!path.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
            throw Problem.of(Code.INVALID_TARGET, "the path must contain only printable ASCII characters")
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

    /**
     * Returns whether the request is for a page and has a ticket in the form that this gateway issues. A ticket of
     * another form belongs to the page's origin.
     */
    public static boolean isSignIn(RoutingContext ctx) {
        HttpServerRequest request = ctx.request();
        String accept = request.getHeader(HttpHeaders.ACCEPT);
        return request.method().equals(HttpMethod.GET)
                && request.query() != null
                && accept != null
                && accept.toLowerCase(Locale.ROOT).contains("text/html")
                && hasTicket(ctx);
    }

    private static boolean hasTicket(RoutingContext ctx) {
        try {
            return ctx.queryParam(PresentedCredentials.TICKET).stream().anyMatch(Ticket::looksLike);
        } catch (HttpException notDecoded) {
            return false;
        }
    }
}
