package io.tidegate.proxy;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.net.HostAndPort;
import io.vertx.core.net.NetSocket;
import io.vertx.ext.web.RoutingContext;
import org.jspecify.annotations.Nullable;

/**
 * Owned by one event loop. One WebSocket between a client and an origin: once the origin has agreed, bytes pass both
 * ways as they are, so that subprotocols, extensions and close codes are theirs alone. The one of vertx-http-proxy is
 * not used: it writes without asking whether the other side can take more, and drops the body of a refusal.
 */
final class Tunnel {

    private final RoutingContext ctx;
    private final Origin origin;
    private final Patience patience;
    private @Nullable Wait wait;

    Tunnel(RoutingContext ctx, Origin origin, Patience patience) {
        this.ctx = ctx;
        this.origin = origin;
        this.patience = patience;
    }

    /** Whether this asks for a WebSocket (<a href="https://www.rfc-editor.org/rfc/rfc6455#section-4.1">4.1</a>). */
    static boolean wanted(HttpServerRequest request) {
        return request.canUpgradeToWebSocket();
    }

    void open(HttpClient client) {
        client.request(origin.request()
                        .setMethod(HttpMethod.GET)
                        .setURI(OwnCredentials.stripTicket(ctx.request().uri()))
                        .setConnectTimeout(patience.connect().toMillis()))
                .onComplete(this::ask, this::fail);
    }

    private void ask(HttpClientRequest toOrigin) {
        if (ctx.response().closed()) {
            toOrigin.reset();
            return;
        }
        toOrigin.exceptionHandler(Failures::ignore);
        ctx.response().exceptionHandler(gone -> toOrigin.reset());
        HostAndPort host = ctx.request().authority();
        if (host != null) {
            toOrigin.authority(host);
        }
        toOrigin.headers().addAll(ctx.request().headers()).remove(HttpHeaders.HOST);
        Forwarding.rewrite(toOrigin.headers(), ctx.request());
        announceUpgrade(toOrigin.headers());
        wait = Wait.start(ctx, toOrigin, patience.answer());
        toOrigin.connect().map(HttpClientResponse::pause).onComplete(answer -> answered(toOrigin, answer), this::fail);
    }

    private void answered(HttpClientRequest toOrigin, HttpClientResponse answer) {
        if (wait != null) {
            wait.end();
        }
        if (answer.statusCode() == 101) {
            join(answer);
            return;
        }
        // The request never ended, so the connection cannot be used again.
        Answer.passOn(answer, ctx).onFailure(this::fail).onComplete(done -> toOrigin.reset());
    }

    private void join(HttpClientResponse answer) {
        NetSocket service = answer.netSocket();
        HttpServerResponse response = ctx.response().setStatusCode(101);
        HopByHop.strip(answer.headers());
        response.headers().addAll(answer.headers());
        announceUpgrade(response.headers());
        ctx.request().resume();
        ctx.request().toNetSocket().onComplete(client -> splice(client, service), clientGone -> service.close());
    }

    private static void splice(NetSocket client, NetSocket service) {
        client.pipeTo(service);
        service.pipeTo(client);
        // From a client that has gone nothing more can come: what is held of it goes out, and the end behind it. What
        // is held for it is read away, since a connection that is closed while paused never gives its buffers back.
        client.closeHandler(gone -> {
            client.resume();
            service.handler(bytes -> {}).resume();
        });
    }

    private static void announceUpgrade(MultiMap headers) {
        headers.set(HttpHeaders.CONNECTION, HttpHeaders.UPGRADE).set(HttpHeaders.UPGRADE, HttpHeaders.WEBSOCKET);
    }

    private void fail(Throwable failure) {
        Throwable cause = failure;
        if (wait != null) {
            wait.end();
            cause = wait.cause(failure);
        }
        Failures.tell(ctx, origin, cause);
    }
}
