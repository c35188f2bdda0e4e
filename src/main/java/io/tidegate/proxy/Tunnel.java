package io.tidegate.proxy;

import io.tidegate.edge.message.HopByHop;
import io.tidegate.edge.message.Upgrade;
import io.tidegate.edge.netty.Internals;
import io.tidegate.proxy.origin.Origin;
import io.tidegate.proxy.origin.OriginOutcome;
import io.tidegate.proxy.origin.TrafficClass;
import io.vertx.core.AsyncResult;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.net.NetSocket;
import io.vertx.ext.web.RoutingContext;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Forwards a request to switch protocols, for example to WebSocket. Once the origin has accepted the request, bytes are
 * copied unchanged in both directions, so subprotocols, extensions and close codes work end to end. The
 * vertx-http-proxy implementation is not used, because it writes without back-pressure and drops the body of a
 * rejection. Owned by one event loop.
 */
final class Tunnel implements OriginCall.Party {

    /** The maximum body size in bytes of a request to switch protocols. The body is sent before the switch. */
    private static final int MAX_BODY = 64 << 10;

    private final RoutingContext ctx;
    private final Internals internals;
    private final Origin origin;
    private final List<String> protocols;
    private final RequestRewriter rewriter;
    private final OriginCall call;
    private final Tunnels tunnels;
    private Buffer body = Buffer.buffer();

    private Tunnel(
            RoutingContext ctx,
            Internals internals,
            OriginPool pool,
            List<String> protocols,
            RequestRewriter rewriter,
            Tunnels tunnels) {
        this.ctx = ctx;
        this.internals = internals;
        this.protocols = protocols;
        this.origin = pool.origin();
        this.rewriter = rewriter;
        this.tunnels = tunnels;
        this.call = new OriginCall(ctx, internals, pool, TrafficClass.STREAMS, this);
    }

    /**
     * Returns a tunnel for a request that offers an allowed protocol; empty for other requests, which are forwarded
     * without {@code Upgrade}.
     */
    static Optional<Tunnel> of(
            RoutingContext ctx, Internals internals, OriginPool pool, RequestRewriter rewriter, Tunnels tunnels) {
        HttpServerRequest request = ctx.request();
        List<String> protocols = Upgrade.offered(request).stream()
                .filter(protocol ->
                        HopByHop.isIn(protocol, pool.origin().fields().upgrades()))
                .toList();
        return protocols.isEmpty() || !hasSmallBody(request) || !internals.canSwitchProtocols(request)
                ? Optional.empty()
                : Optional.of(new Tunnel(ctx, internals, pool, protocols, rewriter, tunnels));
    }

    private static boolean hasSmallBody(HttpServerRequest request) {
        return !request.headers().contains(HttpHeaders.TRANSFER_ENCODING) && length(request) <= MAX_BODY;
    }

    private static long length(HttpServerRequest request) {
        String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
        return length == null ? 0 : Long.parseLong(length);
    }

    /**
     * Reads the request body, and then opens the request to the origin. A client must not use the new protocol before
     * it has sent the whole request.
     */
    void open() {
        if (length(ctx.request()) == 0) {
            call.open();
            return;
        }
        ctx.request().body().onSuccess(whole -> {
            body = whole;
            call.open();
        });
        ctx.request().resume();
    }

    @Override
    public void head(HttpClientRequest opened, URI server) {
        rewriter.write(ctx, origin, server, opened);
        announceUpgrade(opened.headers(), String.join(", ", protocols));
        internals.permitSwitch(opened);
    }

    @Override
    public void send(HttpClientRequest opened) {
        opened.connect().map(HttpClientResponse::pause).onComplete(this::responded, call::fail);
        if (body.length() > 0) {
            opened.write(body);
        }
    }

    private void responded(HttpClientResponse originResponse) {
        if (call.isOver()) {
            return;
        }
        rewriter.forwarding().via().mark(originResponse.headers(), originResponse.version());
        if (originResponse.statusCode() == 101) {
            join(originResponse);
        } else if (ResponseRelay.canRelay(originResponse)) {
            call.responseStarted(origin.requests().idle());
            ResponseRelay.relay(
                    originResponse, internals, relocation(), ctx, false, call::progressed, this::rejectionRelayed);
        } else {
            call.fail(new IllegalStateException("the origin's response cannot be relayed"));
        }
    }

    private Relocation relocation() {
        return rewriter.forwarding().relocation(ctx.request(), origin);
    }

    private void rejectionRelayed(AsyncResult<Void> result) {
        if (result.failed()) {
            call.fail(result.cause());
        } else {
            // The request never ends, so the connection will not be reused.
            call.complete();
        }
    }

    private void join(HttpClientResponse originResponse) {
        // A server must indicate the protocol to which it switches (RFC 9110 7.8).
        List<String> chosen = HopByHop.options(originResponse.headers().getAll(HttpHeaders.UPGRADE));
        if (chosen.size() != 1 || !HopByHop.isIn(chosen.get(0), protocols)) {
            originResponse.exceptionHandler(OriginFailures::ignore);
            call.fail(new IllegalStateException("the origin switched to a protocol that was not requested"));
            return;
        }
        call.responded();
        Consumer<OriginOutcome> ended = call.handOver();
        NetSocket service = originResponse.netSocket();
        HttpServerResponse response = ctx.response().setStatusCode(101);
        HopByHop.copy(originResponse.headers(), response.headers());
        relocation().apply(response.headers());
        origin.fields().response().apply(response.headers());
        announceUpgrade(response.headers(), chosen.get(0));
        ctx.request().resume();
        internals
                .switchProtocols(ctx.request())
                .onComplete(
                        client -> tunnels.add(
                                ctx.request().connection(),
                                new Splice(
                                        ctx.vertx(),
                                        client,
                                        service,
                                        chosen.get(0).equalsIgnoreCase("websocket"),
                                        origin.streams(),
                                        ended)),
                        clientGone -> {
                            service.close();
                            ended.accept(OriginOutcome.ABANDONED);
                        });
    }

    private static void announceUpgrade(MultiMap headers, String protocols) {
        headers.set(HttpHeaders.CONNECTION, HttpHeaders.UPGRADE).set(HttpHeaders.UPGRADE.toString(), protocols);
    }
}
