package io.tidegate.proxy;

import io.netty.handler.codec.http.HttpResponseStatus;
import io.tidegate.edge.message.HopByHop;
import io.tidegate.edge.message.RequestHead;
import io.tidegate.edge.message.Trailers;
import io.tidegate.proxy.origin.Origin;
import io.tidegate.proxy.origin.TrafficClass;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.streams.ReadStream;
import io.vertx.ext.web.RoutingContext;
import java.util.List;

/**
 * Owned by one event loop. An origin's answer on its way to the client, as fast as the client reads it. The way of
 * vertx-http-proxy is not used: it keeps the fields of the connection, holds back what an HTTP/1.0 client is to get,
 * announces chunks where there is no body, and drops trailers.
 */
final class ResponseRelay {

    /** How much of an answer is kept for one client. */
    private static final int TAKEN = 64 << 10;

    private final HttpClientResponse origin;
    private final Origin service;
    private final RoutingContext ctx;
    private final HttpServerResponse response;
    private final Observer observer;
    private final boolean held;
    private final Handler<AsyncResult<Void>> done;
    /** How much of the body is still to come; negative when nobody said how long it is. */
    private long rest = -1;

    private boolean whole;

    private ResponseRelay(
            HttpClientResponse origin,
            Origin service,
            RoutingContext ctx,
            boolean held,
            Handler<AsyncResult<Void>> done) {
        this.origin = origin;
        this.service = service;
        this.ctx = ctx;
        this.response = ctx.response();
        this.held = held;
        this.observer = Observer.of(ctx);
        this.done = done;
    }

    /** Whether this is an answer that has an end that we would see, and not one to a question nobody asked. */
    static boolean fit(HttpClientResponse origin) {
        List<String> codings = origin.headers().getAll(HttpHeaders.TRANSFER_ENCODING);
        return origin.statusCode() >= 200 && RequestHead.hasKnownCoding(codings);
    }

    /**
     * Passes it on.
     *
     * @param held whether somebody else goes on with the response, which is not ended then
     * @param done when all is written, or when the origin breaks off: then what there is of it has been written, and is
     *     not ended; not called when the client goes
     */
    static void passOn(
            HttpClientResponse origin,
            Origin service,
            RoutingContext ctx,
            boolean held,
            Handler<AsyncResult<Void>> done) {
        ResponseRelay answer = new ResponseRelay(origin, service, ctx, held, done);
        origin.exceptionHandler(failure -> done.handle(Future.failedFuture(failure)));
        try {
            answer.head();
        } catch (RuntimeException unfitHead) {
            origin.exceptionHandler(OriginFailures::ignore);
            done.handle(Future.failedFuture(unfitHead));
            return;
        }
        answer.body().handler(answer::pass).endHandler(answer::end).resume();
    }

    /**
     * Takes it in: who decides what the client gets, needs the whole of it.
     *
     * @param done with the body; fails when the origin breaks off, or it is larger than what is kept for one client
     */
    static void takeIn(
            HttpClientResponse origin, Origin service, RoutingContext ctx, Handler<AsyncResult<Buffer>> done) {
        ResponseRelay answer = new ResponseRelay(origin, service, ctx, true, ended -> {});
        Promise<Buffer> taken = Promise.promise();
        taken.future().onComplete(done);
        Buffer body = Buffer.buffer();
        Observed.look(() -> answer.observer.answer(origin.statusCode(), origin.headers()));
        Relocation.apply(service, ctx.request(), origin.headers());
        origin.exceptionHandler(taken::tryFail);
        answer.body()
                .handler(chunk -> {
                    if (body.length() + chunk.length() > TAKEN) {
                        taken.tryFail("an answer of over " + TAKEN + " bytes is not taken in");
                    } else {
                        body.appendBuffer(chunk);
                    }
                })
                .endHandler(end -> taken.tryComplete(body))
                .resume();
    }

    private void head() {
        int status = origin.statusCode();
        Observed.look(() -> observer.answer(status, origin.headers()));
        if (!held) {
            response.setStatusCode(status);
        }
        String phrase = origin.statusMessage();
        // A phrase of its own keeps the server from seeing that 304 has no length.
        if (!HttpResponseStatus.valueOf(status).reasonPhrase().equals(phrase)) {
            response.setStatusMessage(phrase);
        }
        HopByHop.copy(origin.headers(), response.headers());
        Relocation.apply(service, ctx.request(), response.headers());
        if (!held && (HttpMethod.HEAD.equals(ctx.request().method()) || status == 204 || status == 304)) {
            return;
        }
        String length = origin.getHeader(HttpHeaders.CONTENT_LENGTH);
        if (length != null) {
            rest = Long.parseLong(length);
        } else {
            HopByHop.allowUnknownLength(ctx);
        }
        if (held || rest != 0 && TrafficClass.isStream(origin.getHeader(HttpHeaders.CONTENT_TYPE))) {
            // The first event of a stream may be far, and its client waits to hear that it is open.
            response.writeHead();
        }
    }

    private ReadStream<Buffer> body() {
        return observer == Observer.NONE ? origin : new Observed(origin, observer::response, this::whole);
    }

    /** Told once, and before the client can know. */
    private void whole() {
        if (!whole) {
            whole = true;
            observer.end();
        }
    }

    private void pass(Buffer chunk) {
        if (response.ended() || response.closed()) {
            return;
        }
        if (chunk.length() == rest) {
            // Together with the head, if this is all: one write instead of three.
            rest = 0;
            Observed.look(this::whole);
            response.end(chunk);
            return;
        }
        rest -= rest < 0 ? 0 : chunk.length();
        response.write(chunk);
        if (response.writeQueueFull()) {
            origin.pause();
            response.drainHandler(drained -> origin.resume());
        }
    }

    private void end(Void ended) {
        if (!held && !response.ended() && !response.closed()) {
            if (response.isChunked()) {
                Trailers.copy(origin.trailers(), response.trailers());
            }
            response.end();
        }
        done.handle(Future.succeededFuture());
    }
}
