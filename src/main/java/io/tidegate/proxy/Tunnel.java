package io.tidegate.proxy;

import io.tidegate.proxy.OriginListener.Outcome;
import io.vertx.core.AsyncResult;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.net.NetSocket;
import io.vertx.ext.web.RoutingContext;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Owned by one event loop. One WebSocket between a client and an origin: once the origin has agreed, bytes pass both
 * ways as they are, so that subprotocols, extensions and close codes are theirs alone. The one of vertx-http-proxy is
 * not used: it writes without asking whether the other side can take more, and drops the body of a refusal.
 */
final class Tunnel {

    private final RoutingContext ctx;
    private final Way way;
    private final Forwarding forwarding;
    private final Allowance allowance;
    private final Call call;
    private final Watch watch;
    private @Nullable HttpClientRequest toOrigin;
    private boolean answering;
    private boolean over;

    Tunnel(RoutingContext ctx, Way way, Forwarding forwarding) {
        this.ctx = ctx;
        this.way = way;
        this.forwarding = forwarding;
        this.allowance = way.origin().streams();
        this.call = new Call(ctx.vertx(), way, Lane.STREAMS, this::ask, this::fail);
        this.watch = new Watch(ctx.vertx(), () -> ctx.response().bytesWritten(), this::stalled);
    }

    /** Whether this asks for a WebSocket (<a href="https://www.rfc-editor.org/rfc/rfc6455#section-4.1">4.1</a>). */
    static boolean wanted(HttpServerRequest request) {
        return request.canUpgradeToWebSocket();
    }

    void open() {
        ctx.addEndHandler(sent -> {
            if (sent.failed() && !over) {
                finish(Outcome.ABANDONED);
                stop();
            }
        });
        call.open();
    }

    private void ask(HttpClientRequest opened) {
        toOrigin = opened.exceptionHandler(Failures::ignore);
        if (ctx.response().closed()) {
            finish(Outcome.ABANDONED);
            stop();
            return;
        }
        try {
            forwarding.write(ctx.request(), way.origin(), call.server(), opened);
        } catch (IllegalArgumentException unfitHead) {
            fail(unfitHead);
            return;
        }
        way.hold().ask(opened.headers());
        announceUpgrade(opened.headers());
        watch.allow(allowance.answer());
        opened.connect().map(HttpClientResponse::pause).onComplete(this::answered, this::fail);
    }

    private void answered(HttpClientResponse answer) {
        if (over) {
            return;
        }
        if (answer.statusCode() == 101) {
            call.answered();
            join(answer);
        } else if (Answer.fit(answer)) {
            call.answered();
            answering = true;
            watch.allow(way.origin().requests().idle());
            Answer.passOn(answer, ctx, false, this::refusalPassedOn);
        } else {
            fail(new IllegalStateException("the origin's answer cannot be passed on"));
        }
    }

    private void refusalPassedOn(AsyncResult<Void> whole) {
        if (whole.failed()) {
            fail(whole.cause());
        } else {
            finish(Outcome.ANSWERED);
            // The request never ended, so the connection cannot be used again.
            stop();
        }
    }

    private void join(HttpClientResponse answer) {
        watch.end();
        NetSocket service = answer.netSocket();
        HttpServerResponse response = ctx.response().setStatusCode(101);
        HopByHop.copy(answer.headers(), response.headers());
        announceUpgrade(response.headers());
        ctx.request().resume();
        ctx.request().toNetSocket().onComplete(client -> splice(client, service), clientGone -> {
            service.close();
            finish(Outcome.ABANDONED);
        });
    }

    private void splice(NetSocket client, NetSocket service) {
        over = true;
        new Splice(ctx.vertx(), client, service, allowance, call::end).start();
    }

    private static void announceUpgrade(MultiMap headers) {
        headers.set(HttpHeaders.CONNECTION, HttpHeaders.UPGRADE).set(HttpHeaders.UPGRADE, HttpHeaders.WEBSOCKET);
    }

    private void stalled() {
        fail(new TimeoutException("no answer for " + allowance.answer()));
    }

    private void fail(Throwable failure) {
        if (over) {
            return;
        }
        if (!answering && toOrigin != null) {
            call.unanswered(failure);
        }
        finish(answering ? Outcome.BROKEN : Failures.outcome(failure));
        stop();
        Failures.tell(ctx, failure);
    }

    private void finish(Outcome outcome) {
        if (!over) {
            over = true;
            watch.end();
            call.end(outcome);
        }
    }

    private void stop() {
        if (toOrigin != null) {
            toOrigin.reset();
        }
    }
}
