package io.tidegate.proxy;

import io.netty.handler.codec.http.HttpResponseStatus;
import io.tidegate.edge.message.HopByHop;
import io.tidegate.edge.message.RequestHead;
import io.tidegate.edge.message.Trailers;
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
import io.vertx.core.http.HttpVersion;
import io.vertx.core.streams.ReadStream;
import io.vertx.ext.web.RoutingContext;
import java.util.List;

/**
 * Relays an origin's response to the client, with back-pressure. The implementation of vertx-http-proxy is not used: it
 * keeps hop-by-hop fields, buffers responses to HTTP/1.0 clients, announces chunked coding where there is no body, and
 * drops trailers. Owned by one event loop.
 */
final class ResponseRelay {

    /** The maximum size of a response that is collected for one client, in bytes. */
    private static final int MAX_COLLECTED = 64 << 10;

    /**
     * The maximum number of bytes that are written to an HTTP/2 response at once, which is the size of a frame. Netty
     * considers all streams of a connection blocked when the bytes that wait for the window of any stream exceed the
     * window of the connection; so the client of a stream that is not read must leave that much for the others.
     */
    private static final int FRAME_BYTES = 16 << 10;

    private final HttpClientResponse origin;
    private final Relocation relocation;
    private final RoutingContext ctx;
    private final HttpServerResponse response;
    private final Observer observer;
    private final boolean held;
    private final Runnable progressed;
    private final Handler<AsyncResult<Void>> done;
    /** The number of bytes of the body that have not been received yet; negative if the length is unknown. */
    private long remaining = -1;

    private boolean endNotified;

    private ResponseRelay(
            HttpClientResponse origin,
            Relocation relocation,
            RoutingContext ctx,
            boolean held,
            Runnable progressed,
            Handler<AsyncResult<Void>> done) {
        this.origin = origin;
        this.relocation = relocation;
        this.ctx = ctx;
        this.response = ctx.response();
        this.held = held;
        this.observer = Observer.of(ctx);
        this.progressed = progressed;
        this.done = done;
    }

    /**
     * Returns whether the response can be relayed: it is a final response, its transfer coding is one whose end the
     * gateway can detect, and its length does not change when the hop-by-hop fields are removed.
     */
    static boolean canRelay(HttpClientResponse origin) {
        List<String> codings = origin.headers().getAll(HttpHeaders.TRANSFER_ENCODING);
        return origin.statusCode() >= 200
                && RequestHead.hasKnownCoding(codings)
                && !HopByHop.namesEndToEndField(origin.headers());
    }

    /**
     * Relays a response.
     *
     * @param held whether the client's response is continued by a {@link ResponseInterceptor.Held}; in this case it is
     *     not ended
     * @param progressed the callback that runs when a part of the body was received, and when the client accepts more
     *     of it
     * @param done the callback for the end: it succeeds when everything is written, and fails if the origin breaks off;
     *     in this case the received part has been written and the response is not ended. It is not called when the
     *     client disconnects
     */
    static void relay(
            HttpClientResponse origin,
            Relocation relocation,
            RoutingContext ctx,
            boolean held,
            Runnable progressed,
            Handler<AsyncResult<Void>> done) {
        ResponseRelay relay = new ResponseRelay(origin, relocation, ctx, held, progressed, done);
        origin.exceptionHandler(failure -> done.handle(Future.failedFuture(failure)));
        try {
            relay.head();
        } catch (RuntimeException unfitHead) {
            origin.exceptionHandler(OriginFailures::ignore);
            done.handle(Future.failedFuture(unfitHead));
            return;
        }
        relay.body().handler(relay::pass).endHandler(relay::end).resume();
    }

    /**
     * Collects the body of a response that must be processed as a whole.
     *
     * @param done the callback that receives the body; it fails if the origin breaks off or the body is larger than
     *     {@link #MAX_COLLECTED}
     */
    static void collect(
            HttpClientResponse origin, Relocation relocation, RoutingContext ctx, Handler<AsyncResult<Buffer>> done) {
        ResponseRelay relay = new ResponseRelay(origin, relocation, ctx, true, () -> {}, ended -> {});
        Promise<Buffer> taken = Promise.promise();
        taken.future().onComplete(done);
        Buffer body = Buffer.buffer();
        Observed.runSafely(() -> relay.observer.responseHead(origin.statusCode(), origin.headers()));
        relocation.apply(origin.headers());
        relocation.origin().fields().response().apply(origin.headers());
        origin.exceptionHandler(taken::tryFail);
        relay.body()
                .handler(chunk -> {
                    if (body.length() + chunk.length() > MAX_COLLECTED) {
                        taken.tryFail("a held response must have at most " + MAX_COLLECTED + " bytes");
                    } else {
                        body.appendBuffer(chunk);
                    }
                })
                .endHandler(end -> taken.tryComplete(body))
                .resume();
    }

    private void head() {
        int status = origin.statusCode();
        Observed.runSafely(() -> observer.responseHead(status, origin.headers()));
        if (!held) {
            response.setStatusCode(status);
        }
        String phrase = origin.statusMessage();
        // If a phrase is set, Vert.x does not recognise that a 304 has no length; so the standard phrase is not set.
        if (!HttpResponseStatus.valueOf(status).reasonPhrase().equals(phrase)) {
            response.setStatusMessage(phrase);
        }
        HopByHop.copy(origin.headers(), response.headers());
        relocation.apply(response.headers());
        if (status == 426) {
            // The response must state the required protocols (RFC 9110 15.5.22).
            origin.headers().getAll(HttpHeaders.UPGRADE).forEach(protocol -> response.headers()
                    .add(HttpHeaders.UPGRADE, protocol)
                    .set(HttpHeaders.CONNECTION, HttpHeaders.UPGRADE));
        }
        relocation.origin().fields().response().apply(response.headers());
        if (!held && (HttpMethod.HEAD.equals(ctx.request().method()) || status == 204 || status == 304)) {
            return;
        }
        String length = origin.getHeader(HttpHeaders.CONTENT_LENGTH);
        if (length != null) {
            remaining = Long.parseLong(length);
        } else {
            HopByHop.allowUnknownLength(ctx);
        }
        if (held || remaining != 0 && TrafficClass.isStream(origin.getHeader(HttpHeaders.CONTENT_TYPE))) {
            // The first event of a stream may arrive late, and the client waits for the head.
            response.writeHead();
        }
    }

    private ReadStream<Buffer> body() {
        return observer == Observer.NONE ? origin : new Observed(origin, observer::responseBody, this::notifyEnd);
    }

    /** Notifies the observer of the end, once, before the client receives it. */
    private void notifyEnd() {
        if (!endNotified) {
            endNotified = true;
            observer.responseEnd();
        }
    }

    private void pass(Buffer chunk) {
        progressed.run();
        if (response.ended() || response.closed()) {
            return;
        }
        if (chunk.length() == remaining) {
            // The last chunk is written together with the end, and with the head if it is the only chunk.
            remaining = 0;
            Observed.runSafely(this::notifyEnd);
            response.end(lastFrame(chunk));
            return;
        }
        remaining -= remaining < 0 ? 0 : chunk.length();
        response.write(lastFrame(chunk));
        if (response.writeQueueFull()) {
            origin.pause();
            response.drainHandler(drained -> {
                progressed.run();
                origin.resume();
            });
        }
    }

    /** Writes all frames of a chunk but the last one, which it returns. An HTTP/1 response has no frames. */
    private Buffer lastFrame(Buffer chunk) {
        int written = 0;
        if (ctx.request().version() == HttpVersion.HTTP_2) {
            for (; chunk.length() - written > FRAME_BYTES; written += FRAME_BYTES) {
                response.write(chunk.slice(written, written + FRAME_BYTES));
            }
        }
        return written == 0 ? chunk : chunk.slice(written, chunk.length());
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
