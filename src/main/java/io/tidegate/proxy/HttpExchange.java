package io.tidegate.proxy;

import io.tidegate.edge.message.HopByHop;
import io.tidegate.edge.message.RequestHead;
import io.tidegate.edge.netty.Internals;
import io.tidegate.problem.Code;
import io.tidegate.problem.Problem;
import io.tidegate.proxy.ResponseInterceptor.Held;
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
import io.vertx.core.http.HttpVersion;
import io.vertx.ext.web.RoutingContext;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Forwards one HTTP request to its origin and relays the response. Owned by one event loop. */
final class HttpExchange implements OriginCall.Party {

    /** The maximum number of interim responses (1xx) that are relayed; more of them fail the request. */
    private static final int MAX_INTERIM = 16;

    private final RoutingContext ctx;
    private final Internals internals;
    private final HttpServerRequest request;
    private final Origin origin;
    private final TrafficClass trafficClass;
    private final RequestRewriter rewriter;
    private final OriginCall call;
    private final boolean hasBody;
    private @Nullable HttpClientRequest toOrigin;
    private @Nullable HttpClientResponse fromOrigin;
    private @Nullable CountingPipe upload;
    private Optional<Held> held = Optional.empty();
    private int interim;

    HttpExchange(
            RoutingContext ctx,
            Internals internals,
            OriginPool pool,
            TrafficClass trafficClass,
            RequestRewriter rewriter) {
        this.ctx = ctx;
        this.internals = internals;
        this.request = ctx.request();
        this.origin = pool.origin();
        this.trafficClass = trafficClass;
        this.rewriter = rewriter;
        this.call = new OriginCall(ctx, pool, trafficClass, this);
        this.hasBody = hasBody(request);
    }

    void start() {
        List<String> codings = request.headers().getAll(HttpHeaders.TRANSFER_ENCODING);
        if (!RequestHead.hasKnownCoding(codings)) {
            ctx.fail(Problem.of(Code.MALFORMED_REQUEST, "the transfer coding must be chunked")
                    .toException());
            return;
        }
        if (hasBody) {
            request.pause();
        }
        call.open();
    }

    @Override
    public void head(HttpClientRequest opened, URI server) {
        rewriter.write(ctx, origin, server, opened);
    }

    @Override
    public void send(HttpClientRequest opened) {
        toOrigin = opened;
        opened.response().onComplete(this::responded, call::fail);
        opened.earlyHintsHandler(this::hint);
        if (!hasBody) {
            opened.end();
            return;
        }
        opened.continueHandler(ignored -> {
            if (mayRelayInterim()) {
                ctx.response().writeContinue();
            }
        });
        sendBody(opened);
    }

    private void sendBody(HttpClientRequest opened) {
        if (request.version() != HttpVersion.HTTP_1_0 && request.headers().contains(HttpHeaders.EXPECT)) {
            opened.putHeader(HttpHeaders.EXPECT, request.getHeader(HttpHeaders.EXPECT));
        }
        if (!request.headers().contains(HttpHeaders.CONTENT_LENGTH)) {
            opened.setChunked(true);
            announceTrailers(opened);
        }
        // The head is sent first: the origin may reject the request by it, or respond with 100 (Continue).
        opened.writeHead();
        request.exceptionHandler(broken -> call.abandon());
        request.endHandler(complete -> {
            if (!call.isOver()) {
                internals
                        .trailers(request)
                        .map(rewriter.forwarding()::withoutRestricted)
                        .ifPresent(trailers -> internals.sendTrailers(opened, trailers));
                opened.end();
            }
        });
        Observer observer = Observer.of(ctx);
        upload = CountingPipe.start(
                observer == Observer.NONE ? request : new Observed(request, observer::requestBody, () -> {}), opened);
    }

    private void announceTrailers(HttpClientRequest opened) {
        List<String> announced = request.headers().getAll("Trailer");
        if (request.version() == HttpVersion.HTTP_1_1 && !announced.isEmpty()) {
            opened.putHeader("Trailer", announced);
        }
    }

    private void hint(MultiMap headers) {
        if (mayRelayInterim() && request.version() != HttpVersion.HTTP_1_0) {
            MultiMap passed = MultiMap.caseInsensitiveMultiMap();
            HopByHop.copy(headers, passed);
            ctx.response().writeEarlyHints(passed);
        }
    }

    private boolean mayRelayInterim() {
        if (++interim > MAX_INTERIM) {
            call.fail(new IllegalStateException("too many interim responses"));
        }
        return !call.isOver() && !call.isResponding();
    }

    private void responded(HttpClientResponse originResponse) {
        if (call.isOver()) {
            return;
        }
        if (!ResponseRelay.canRelay(originResponse)) {
            originResponse.exceptionHandler(OriginFailures::ignore);
            call.fail(new IllegalStateException("the origin's response cannot be relayed"));
            return;
        }
        try {
            held = rewriter.interceptor().intercept(originResponse, ctx);
        } catch (IllegalArgumentException impossible) {
            originResponse.exceptionHandler(OriginFailures::ignore);
            call.responded();
            call.end(OriginOutcome.BROKEN, impossible);
            return;
        }
        fromOrigin = originResponse;
        if (held.filter(Held::consumesBody).isPresent()) {
            call.responded();
            ResponseRelay.collect(originResponse, origin, ctx, this::collected);
            return;
        }
        boolean stream = TrafficClass.isStream(originResponse.getHeader(HttpHeaders.CONTENT_TYPE));
        call.responseStarted(
                origin.limits(stream ? TrafficClass.STREAMS : trafficClass).idle());
        ResponseRelay.relay(originResponse, origin, ctx, held.isPresent(), this::relayed);
    }

    private void relayed(AsyncResult<Void> result) {
        if (result.failed()) {
            call.fail(result.cause());
            return;
        }
        call.end(OriginOutcome.ANSWERED);
        if (!request.isEnded()) {
            // The origin has responded and need not read the rest of the body.
            call.stop();
        }
        held.ifPresent(client -> client.begin(Buffer.buffer()));
    }

    private void collected(AsyncResult<Buffer> body) {
        if (call.isOver()) {
            return;
        }
        if (body.failed()) {
            call.end(OriginOutcome.BROKEN, body.cause());
            return;
        }
        try {
            held.orElseThrow().begin(body.result());
        } catch (IllegalArgumentException impossible) {
            call.end(OriginOutcome.BROKEN, impossible);
            return;
        }
        call.end(OriginOutcome.ANSWERED);
        if (!request.isEnded()) {
            call.stop();
        }
    }

    @Override
    public long progress() {
        return request.bytesRead() + ctx.response().bytesWritten();
    }

    @Override
    public boolean waitsForClient() {
        return upload != null && !request.isEnded() && toOrigin != null && !toOrigin.writeQueueFull();
    }

    /** Reads and discards the rest of both bodies. */
    @Override
    public void onStopped() {
        if (fromOrigin != null) {
            fromOrigin.resume();
        }
        if (request.isEnded()) {
            return;
        }
        if (upload != null) {
            upload.discard();
        } else if (hasBody) {
            request.handler(chunk -> {}).resume();
        }
    }

    private static boolean hasBody(HttpServerRequest request) {
        if (request.version() == HttpVersion.HTTP_2) {
            return !request.isEnded();
        }
        String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
        return length == null ? request.headers().contains(HttpHeaders.TRANSFER_ENCODING) : !length.equals("0");
    }
}
