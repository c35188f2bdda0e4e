package io.tidegate.proxy;

import io.tidegate.edge.message.HopByHop;
import io.tidegate.edge.netty.Internals;
import io.tidegate.proxy.origin.Origin;
import io.tidegate.proxy.origin.OriginOutcome;
import io.tidegate.proxy.origin.TrafficClass;
import io.vertx.core.AsyncResult;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.net.NetSocket;
import io.vertx.ext.web.RoutingContext;
import java.net.URI;
import java.util.List;
import java.util.function.Consumer;

/**
 * Forwards one WebSocket between a client and an origin. Once the origin has accepted it, bytes are copied unchanged in
 * both directions, so that subprotocols, extensions and close codes are negotiated end to end. The implementation of
 * vertx-http-proxy is not used: it writes without back-pressure, and drops the body of a rejection. Owned by one event
 * loop.
 */
final class Tunnel implements OriginCall.Party {

    private static final String WEBSOCKET = "websocket";

    private final RoutingContext ctx;
    private final Origin origin;
    private final RequestRewriter rewriter;
    private final OriginCall call;

    Tunnel(RoutingContext ctx, Internals internals, OriginPool pool, RequestRewriter rewriter) {
        this.ctx = ctx;
        this.origin = pool.origin();
        this.rewriter = rewriter;
        this.call = new OriginCall(ctx, internals, pool, TrafficClass.STREAMS, this);
    }

    /**
     * Returns whether this requests a WebSocket
     * (<a href="https://www.rfc-editor.org/rfc/rfc6455#section-4.1">RFC 6455, 4.1</a>).
     */
    static boolean isWebSocket(HttpServerRequest request) {
        return request.canUpgradeToWebSocket();
    }

    void open() {
        call.open();
    }

    @Override
    public void head(HttpClientRequest opened, URI server) {
        rewriter.write(ctx, origin, server, opened);
        announceUpgrade(opened.headers());
    }

    @Override
    public void send(HttpClientRequest opened) {
        opened.connect().map(HttpClientResponse::pause).onComplete(this::responded, call::fail);
    }

    private void responded(HttpClientResponse originResponse) {
        if (call.isOver()) {
            return;
        }
        if (originResponse.statusCode() == 101) {
            if (switchesTo(WEBSOCKET, originResponse.headers())) {
                join(originResponse);
            } else {
                call.fail(new IllegalStateException("the origin switched to a protocol that was not requested"));
            }
        } else if (ResponseRelay.canRelay(originResponse)) {
            call.responseStarted(origin.requests().idle());
            ResponseRelay.relay(originResponse, origin, ctx, false, call::progressed, this::rejectionRelayed);
        } else {
            call.fail(new IllegalStateException("the origin's response cannot be relayed"));
        }
    }

    /** A server must name the protocol to which it switches (RFC 9110 7.8). */
    private static boolean switchesTo(String protocol, MultiMap headers) {
        List<String> named = HopByHop.options(headers.getAll(HttpHeaders.UPGRADE));
        return named.size() == 1 && named.get(0).equalsIgnoreCase(protocol);
    }

    private void rejectionRelayed(AsyncResult<Void> result) {
        if (result.failed()) {
            call.fail(result.cause());
        } else {
            // The request never ends, so the connection is not used again.
            call.complete();
        }
    }

    private void join(HttpClientResponse originResponse) {
        call.responded();
        Consumer<OriginOutcome> ended = call.handOver();
        NetSocket service = originResponse.netSocket();
        HttpServerResponse response = ctx.response().setStatusCode(101);
        HopByHop.copy(originResponse.headers(), response.headers());
        announceUpgrade(response.headers());
        ctx.request().resume();
        ctx.request()
                .toNetSocket()
                .onComplete(
                        client -> new Splice(ctx.vertx(), client, service, origin.streams(), ended).start(),
                        clientGone -> {
                            service.close();
                            ended.accept(OriginOutcome.ABANDONED);
                        });
    }

    private static void announceUpgrade(MultiMap headers) {
        headers.set(HttpHeaders.CONNECTION, HttpHeaders.UPGRADE).set(HttpHeaders.UPGRADE, HttpHeaders.WEBSOCKET);
    }
}
