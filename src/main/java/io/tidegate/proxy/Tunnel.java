package io.tidegate.proxy;

import io.tidegate.edge.message.HopByHop;
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
import java.util.function.Consumer;

/**
 * Owned by one event loop. One WebSocket between a client and an origin: once the origin has agreed, bytes pass both
 * ways as they are, so that subprotocols, extensions and close codes are theirs alone. The one of vertx-http-proxy is
 * not used: it writes without asking whether the other side can take more, and drops the body of a refusal.
 */
final class Tunnel implements OriginCall.Party {

    private final RoutingContext ctx;
    private final Origin origin;
    private final RequestRewriter passage;
    private final OriginCall call;

    Tunnel(RoutingContext ctx, OriginPool way, RequestRewriter passage) {
        this.ctx = ctx;
        this.origin = way.origin();
        this.passage = passage;
        this.call = new OriginCall(ctx, way, TrafficClass.STREAMS, this);
    }

    /** Whether this asks for a WebSocket (<a href="https://www.rfc-editor.org/rfc/rfc6455#section-4.1">4.1</a>). */
    static boolean wanted(HttpServerRequest request) {
        return request.canUpgradeToWebSocket();
    }

    void open() {
        call.open();
    }

    @Override
    public void head(HttpClientRequest opened, URI server) {
        passage.write(ctx, origin, server, opened);
        announceUpgrade(opened.headers());
    }

    @Override
    public void send(HttpClientRequest opened) {
        opened.connect().map(HttpClientResponse::pause).onComplete(this::answered, call::fail);
    }

    @Override
    public long moved() {
        return ctx.response().bytesWritten();
    }

    private void answered(HttpClientResponse answer) {
        if (call.isOver()) {
            return;
        }
        if (answer.statusCode() == 101) {
            join(answer);
        } else if (ResponseRelay.fit(answer)) {
            call.answering(origin.requests().idle());
            ResponseRelay.passOn(answer, origin, ctx, false, this::refusalPassedOn);
        } else {
            call.fail(new IllegalStateException("the origin's answer cannot be passed on"));
        }
    }

    private void refusalPassedOn(AsyncResult<Void> whole) {
        if (whole.failed()) {
            call.fail(whole.cause());
        } else {
            call.end(OriginOutcome.ANSWERED);
            // The request never ended, so the connection cannot be used again.
            call.stop();
        }
    }

    private void join(HttpClientResponse answer) {
        call.answered();
        Consumer<OriginOutcome> ended = call.handOver();
        NetSocket service = answer.netSocket();
        HttpServerResponse response = ctx.response().setStatusCode(101);
        HopByHop.copy(answer.headers(), response.headers());
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
