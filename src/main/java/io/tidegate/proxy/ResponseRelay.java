package io.tidegate.proxy;

import io.netty.handler.codec.http.HttpResponseStatus;
import io.tidegate.edge.message.HopByHop;
import io.tidegate.edge.message.RequestHead;
import io.tidegate.edge.message.Trailers;
import io.tidegate.edge.netty.Internals;
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
 * Relays an origin's response to the client, with back-pressure. The vertx-http-proxy implementation is not used,
 * because it keeps hop-by-hop fields, buffers responses to HTTP/1.0 clients, declares chunked coding where there is no
 * body, and drops trailers. Owned by one event loop.
 */
final class ResponseRelay {

    /** The maximum size in bytes of a response body that is collected for processing as a whole. */
    private static final int MAX_COLLECTED = 64 << 10;

    /**
     * The maximum number of bytes in one write to an HTTP/2 response, which is the size of a frame. Netty considers all
     * streams of a connection blocked when the pending bytes of any one stream exceed the connection window. Therefore
     * a client that does not read one stream must still have at least this much window left for the other streams.
     */
    private static final int FRAME_BYTES = 16 << 10;

    private final HttpClientResponse origin;
    private final Internals internals;
    private final Relocation relocation;
    private final RoutingContext ctx;
    private final HttpServerResponse response;
    private final Observer observer;
    private final boolean held;
    private final Runnable progressed;
    private final Handler<AsyncResult<Void>> done;
    /** The number of body bytes that have not been received yet; negative if the length is unknown. */
    private long remaining = -1;

    private boolean endNotified;

    private ResponseRelay(
            HttpClientResponse origin,
            Internals internals,
            Relocation relocation,
            RoutingContext ctx,
            boolean held,
            Runnable progressed,
            Handler<AsyncResult<Void>> done) {
        this.origin = origin;
        this.internals = internals;
        this.relocation = relocation;
        this.ctx = ctx;
        this.response = ctx.response();
        this.held = held;
        this.observer = Observer.of(ctx);
        this.progressed = progressed;
        this.done = done;
    }

    /**
     * Returns whether the response can be relayed: it is a final response, the gateway can detect the end of its
     * transfer coding, and removing the hop-by-hop fields does not change its end or meaning.
     */
    static boolean canRelay(HttpClientResponse origin) {
        List<String> codings = origin.headers().getAll(HttpHeaders.TRANSFER_ENCODING);
        return origin.statusCode() >= 200
                && RequestHead.hasKnownCoding(codings)
                && !HopByHop.namesEndToEndField(origin.headers());
    }

    /**
     * Returns whether the response is an event stream whose client reconnects when it ends, wherever that is: the client
     * discards an incomplete event
     * (<a href="https://html.spec.whatwg.org/multipage/server-sent-events.html#event-stream-interpretation">HTML,
     * 9.2.6</a>). The response to another method than {@code GET} is not such a stream, because its client does not
     * repeat the request, nor is one whose length or content coding the end would contradict.
     */
    static boolean isRestartable(HttpMethod method, HttpClientResponse origin) {
        return method.equals(HttpMethod.GET)
                && TrafficClass.isStream(origin.getHeader(HttpHeaders.CONTENT_TYPE))
                && !origin.headers().contains(HttpHeaders.CONTENT_LENGTH)
                && !origin.headers().contains(HttpHeaders.CONTENT_ENCODING);
    }

    /**
     * Relays a response.
     *
     * @param held whether a {@link ResponseInterceptor.Held} will continue the client's response, in which case the
     *     response is not ended
     * @param progressed the callback that runs when part of the body has been received, and when the client accepts
     *     more data again
     * @param done the callback that receives success when everything has been written, or a failure if the origin
     *     breaks off; in the latter case, the part that was received has been written and the response is not ended. It
     *     is not called if the client disconnects
     */
    static void relay(
            HttpClientResponse origin,
            Internals internals,
            Relocation relocation,
            RoutingContext ctx,
            boolean held,
            Runnable progressed,
            Handler<AsyncResult<Void>> done) {
        ResponseRelay relay = new ResponseRelay(origin, internals, relocation, ctx, held, progressed, done);
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
     * @param done the callback that receives the body, or a failure if the origin breaks off or the body is larger than
     *     {@link #MAX_COLLECTED}
     */
    static void collect(
            HttpClientResponse origin, Relocation relocation, RoutingContext ctx, Handler<AsyncResult<Buffer>> done) {
        ResponseRelay relay = new ResponseRelay(origin, Internals.UNUSED, relocation, ctx, true, () -> {}, ended -> {});
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
        // The standard phrase is not set explicitly: if a phrase is set, Vert.x does not recognize that a 304 has no
        // length.
        if (!HttpResponseStatus.valueOf(status).reasonPhrase().equals(phrase)) {
            response.setStatusMessage(phrase);
        }
        HopByHop.copy(origin.headers(), response.headers());
        relocation.apply(response.headers());
        if (status == 426) {
            // The response must list the required protocols (RFC 9110 15.5.22).
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
            // The first event of a stream may arrive much later, and the client is waiting for the head.
            response.writeHead();
        }
    }

    private ReadStream<Buffer> body() {
        return observer == Observer.NONE ? origin : new Observed(origin, observer::responseBody, this::notifyEnd);
    }

    /** Notifies the observer, once, of the end of the response before the client receives the end. */
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
            // The last chunk is written together with the end of the response and, if it is the only chunk, with the
            // head.
            remaining = 0;
            Observed.runSafely(this::notifyEnd);
            response.end(lastFrame(chunk));
            return;
        }
        remaining -= remaining < 0 ? 0 : chunk.length();
        response.write(lastFrame(chunk));
        if (response.writeQueueFull()) {
            origin.pause();
            internals.stopReading(origin);
            response.drainHandler(drained -> resume());
        }
    }

    private void resume() {
        progressed.run();
        // Passing the chunks that have waited may pause the response again, and may end it.
        internals.continueReading(origin);
        origin.resume();
    }

    /**
     * Writes all but the last frame of a chunk, and returns the last one. An HTTP/1 response has no frames, so nothing
     * is written and the whole chunk is returned.
     */
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
