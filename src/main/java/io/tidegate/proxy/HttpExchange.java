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

/** Owned by one event loop. One request on its way to its origin and back. */
final class HttpExchange implements OriginCall.Party {

    /** How many preliminary answers (1xx) are worth passing on. */
    private static final int PRELIMINARY = 16;

    private final RoutingContext ctx;
    private final Internals internals;
    private final HttpServerRequest request;
    private final Origin origin;
    private final TrafficClass lane;
    private final RequestRewriter passage;
    private final OriginCall call;
    private final boolean hasBody;
    private @Nullable HttpClientRequest toOrigin;
    private @Nullable HttpClientResponse fromOrigin;
    private @Nullable CountingPipe upload;
    private Optional<Held> held = Optional.empty();
    private int preliminary;

    HttpExchange(RoutingContext ctx, Internals internals, OriginPool way, TrafficClass lane, RequestRewriter passage) {
        this.ctx = ctx;
        this.internals = internals;
        this.request = ctx.request();
        this.origin = way.origin();
        this.lane = lane;
        this.passage = passage;
        this.call = new OriginCall(ctx, way, lane, this);
        this.hasBody = hasBody(request);
    }

    void start() {
        List<String> codings = request.headers().getAll(HttpHeaders.TRANSFER_ENCODING);
        if (!RequestHead.hasKnownCoding(codings)) {
            ctx.fail(Problem.of(Code.MALFORMED_REQUEST, "chunked is the only transfer coding here")
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
        passage.write(ctx, origin, server, opened);
    }

    @Override
    public void send(HttpClientRequest opened) {
        toOrigin = opened;
        opened.response().onComplete(this::answered, call::fail);
        opened.earlyHintsHandler(this::hint);
        if (!hasBody) {
            opened.end();
            return;
        }
        opened.continueHandler(goOn -> {
            if (worthPassing()) {
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
        // The head first: the origin may refuse by it, or say that it waits for the rest.
        opened.writeHead();
        request.exceptionHandler(broken -> call.abandon());
        request.endHandler(complete -> {
            if (!call.isOver()) {
                internals.trailers(request).ifPresent(trailers -> internals.sendTrailers(opened, trailers));
                opened.end();
            }
        });
        Observer observer = Observer.of(ctx);
        upload = CountingPipe.start(
                observer == Observer.NONE ? request : new Observed(request, observer::request, () -> {}), opened);
    }

    private void announceTrailers(HttpClientRequest opened) {
        List<String> announced = request.headers().getAll("Trailer");
        if (request.version() == HttpVersion.HTTP_1_1 && !announced.isEmpty()) {
            opened.putHeader("Trailer", announced);
        }
    }

    private void hint(MultiMap headers) {
        if (worthPassing() && request.version() != HttpVersion.HTTP_1_0) {
            MultiMap passed = MultiMap.caseInsensitiveMultiMap();
            HopByHop.copy(headers, passed);
            ctx.response().writeEarlyHints(passed);
        }
    }

    private boolean worthPassing() {
        if (++preliminary > PRELIMINARY) {
            call.fail(new IllegalStateException("too many preliminary answers"));
        }
        return !call.isOver() && !call.isAnswering();
    }

    private void answered(HttpClientResponse answer) {
        if (call.isOver()) {
            return;
        }
        if (!ResponseRelay.fit(answer)) {
            answer.exceptionHandler(OriginFailures::ignore);
            call.fail(new IllegalStateException("the origin's answer cannot be passed on"));
            return;
        }
        try {
            held = passage.hold().of(answer, ctx);
        } catch (IllegalArgumentException impossible) {
            answer.exceptionHandler(OriginFailures::ignore);
            call.answered();
            call.end(OriginOutcome.BROKEN, impossible);
            return;
        }
        fromOrigin = answer;
        if (held.filter(Held::takesAnswer).isPresent()) {
            call.answered();
            ResponseRelay.takeIn(answer, origin, ctx, this::takenIn);
            return;
        }
        boolean stream = TrafficClass.isStream(answer.getHeader(HttpHeaders.CONTENT_TYPE));
        call.answering(origin.allowance(stream ? TrafficClass.STREAMS : lane).idle());
        ResponseRelay.passOn(answer, origin, ctx, held.isPresent(), this::passedOn);
    }

    private void passedOn(AsyncResult<Void> whole) {
        if (whole.failed()) {
            call.fail(whole.cause());
            return;
        }
        call.end(OriginOutcome.ANSWERED);
        if (!request.isEnded()) {
            // An origin that has answered need not take the rest of the body: nobody waits for it any more.
            call.stop();
        }
        held.ifPresent(client -> client.begin(Buffer.buffer()));
    }

    private void takenIn(AsyncResult<Buffer> body) {
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
    public long moved() {
        return request.bytesRead() + ctx.response().bytesWritten();
    }

    @Override
    public boolean waitsForClient() {
        return upload != null && !request.isEnded() && toOrigin != null && !toOrigin.writeQueueFull();
    }

    /** Reads on what is left of both bodies, for nobody. */
    @Override
    public void stopped() {
        if (fromOrigin != null) {
            fromOrigin.resume();
        }
        if (request.isEnded()) {
            return;
        }
        if (upload != null) {
            upload.cut();
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
