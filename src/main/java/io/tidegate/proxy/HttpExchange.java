package io.tidegate.proxy;

import io.tidegate.edge.message.HopByHop;
import io.tidegate.edge.message.RequestHead;
import io.tidegate.edge.netty.Internals;
import io.tidegate.problem.Code;
import io.tidegate.problem.Problem;
import io.tidegate.problem.ProblemException;
import io.tidegate.proxy.ExchangeState.Message;
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
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.ext.web.RoutingContext;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Forwards one HTTP request to its origin and relays the response. Owned by one event loop. */
final class HttpExchange implements OriginCall.Party {

    /** The safe methods (RFC 9110 9.2.1). */
    private static final Set<HttpMethod> SAFE =
            Set.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.OPTIONS, HttpMethod.TRACE);
    /**
     * The methods whose requests usually have a body, so that {@code Content-Length: 0} is sent for one without
     * (RFC 9110 8.6).
     */
    private static final Set<HttpMethod> LENGTH_EXPECTED = Set.of(HttpMethod.POST, HttpMethod.PUT, HttpMethod.PATCH);

    /** The maximum number of interim responses (1xx) that are relayed; if there are more, the request fails. */
    private static final int MAX_INTERIM = 16;

    private final RoutingContext ctx;
    private final Internals internals;
    private final HttpServerRequest request;
    private final Origin origin;
    private final TrafficClass trafficClass;
    private final RequestRewriter rewriter;
    private final OriginCall call;
    private final RequestBody body;
    private @Nullable HttpClientRequest toOrigin;
    private @Nullable HttpClientResponse fromOrigin;
    private @Nullable ProgressPipe upload;
    private Optional<Held> held = Optional.empty();
    private int interim;
    private boolean restartable;

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
        this.call = new OriginCall(ctx, internals, pool, trafficClass, this);
        this.body = RequestBody.of(request);
    }

    void start() {
        List<String> codings = request.headers().getAll(HttpHeaders.TRANSFER_ENCODING);
        if (!RequestHead.hasKnownCoding(codings)) {
            ctx.fail(Problem.of(Code.MALFORMED_REQUEST, "the transfer coding must be chunked")
                    .toException());
            return;
        }
        call.open();
    }

    @Override
    public void head(HttpClientRequest opened, URI server) {
        rewriter.write(ctx, origin, server, opened);
    }

    @Override
    public void send(HttpClientRequest opened) {
        if (body.isUndecided()) {
            // A request without a body ends in the event loop iteration in which its head arrived, which may be the
            // current one.
            ctx.vertx().runOnContext(later -> {
                body.decide();
                call.ifOpen(() -> send(opened));
            });
            return;
        }
        toOrigin = opened;
        opened.response().onComplete(this::responded, call::fail);
        opened.earlyHintsHandler(this::hint);
        if (!body.isPresent()) {
            sendWithoutBody(opened);
            return;
        }
        opened.continueHandler(ignored -> {
            if (mayRelayInterim()) {
                ctx.response().writeContinue();
            }
        });
        sendBody(opened);
    }

    private void sendWithoutBody(HttpClientRequest opened) {
        if (request.version() == HttpVersion.HTTP_2 && LENGTH_EXPECTED.contains(request.method())) {
            opened.putHeader(HttpHeaders.CONTENT_LENGTH, "0");
        }
        call.state().request(Message.HEAD);
        end(opened);
    }

    private void sendBody(HttpClientRequest opened) {
        if (request.version() != HttpVersion.HTTP_1_0 && request.headers().contains(HttpHeaders.EXPECT)) {
            opened.putHeader(HttpHeaders.EXPECT, request.getHeader(HttpHeaders.EXPECT));
        }
        if (!request.headers().contains(HttpHeaders.CONTENT_LENGTH)) {
            opened.setChunked(true);
            announceTrailers(opened);
        }
        // The head is sent first, because the origin may reject the request based on the head, or respond with 100
        // (Continue).
        opened.writeHead();
        call.state().request(Message.HEAD);
        body.exceptionHandler(broken -> call.abandon());
        Observer observer = Observer.of(ctx);
        ProgressPipe pipe = new ProgressPipe(
                observer == Observer.NONE ? body : new Observed(body, observer::requestBody, () -> {}),
                opened,
                this::uploadProgressed);
        // The request ends when its body has been written to the socket, not when the body has been queued: until then,
        // the connection must not be reused.
        body.endHandler(complete -> pipe.written().onSuccess(written -> call.ifOpen(() -> endBody(opened))));
        upload = pipe.start();
    }

    private void uploadProgressed() {
        call.state().request(Message.BODY);
        call.progressed();
    }

    private void endBody(HttpClientRequest opened) {
        internals
                .trailers(request)
                .map(rewriter.forwarding()::withoutRestricted)
                .ifPresent(trailers -> internals.sendTrailers(opened, trailers));
        end(opened);
    }

    private void end(HttpClientRequest opened) {
        ExchangeState state = call.state();
        opened.end().onSuccess(written -> state.request(Message.COMPLETE));
    }

    private void announceTrailers(HttpClientRequest opened) {
        List<String> announced = request.headers().getAll("Trailer");
        if (request.version() == HttpVersion.HTTP_1_1 && !announced.isEmpty()) {
            opened.putHeader("Trailer", announced);
        }
    }

    private void hint(MultiMap headers) {
        // Some HTTP/1.1 clients and proxies mistake an interim response for the final one, and browsers use hints only
        // over HTTP/2.
        boolean understood = request.version() == HttpVersion.HTTP_2
                || request.version() == HttpVersion.HTTP_1_1 && origin.fields().earlyHints();
        if (mayRelayInterim() && understood) {
            MultiMap passed = MultiMap.caseInsensitiveMultiMap();
            HopByHop.copy(headers, passed);
            rewriter.forwarding().relocation(request, origin).apply(passed);
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
        } catch (ProblemException impossible) {
            originResponse.exceptionHandler(OriginFailures::ignore);
            call.responded();
            call.end(OriginOutcome.BROKEN, impossible);
            return;
        }
        rewriter.forwarding().via().mark(originResponse.headers(), originResponse.version());
        fromOrigin = originResponse;
        Relocation relocation = rewriter.forwarding().relocation(request, origin);
        if (held.filter(Held::consumesBody).isPresent()) {
            call.responded();
            ResponseRelay.collect(originResponse, relocation, ctx, this::collected);
            return;
        }
        boolean stream = TrafficClass.isStream(originResponse.getHeader(HttpHeaders.CONTENT_TYPE));
        call.responseStarted(
                origin.limits(stream ? TrafficClass.STREAMS : trafficClass).idle());
        restartable = held.isEmpty() && ResponseRelay.isRestartable(request.method(), originResponse);
        ResponseRelay.relay(
                originResponse, internals, relocation, ctx, held.isPresent(), this::responseProgressed, this::relayed);
    }

    /** Ends the response if it is an event stream whose client reconnects when it ends. */
    void endStream() {
        if (restartable && !call.isOver()) {
            call.endEarly();
            ctx.response().end();
        }
    }

    private void responseProgressed() {
        call.state().response(Message.BODY);
        call.progressed();
    }

    private void relayed(AsyncResult<Void> result) {
        if (result.failed()) {
            call.fail(result.cause());
            return;
        }
        call.complete();
        held.ifPresent(client -> client.begin(Buffer.buffer()));
    }

    private void collected(AsyncResult<Buffer> whole) {
        if (call.isOver()) {
            return;
        }
        if (whole.failed()) {
            call.end(OriginOutcome.BROKEN, whole.cause());
            return;
        }
        try {
            held.orElseThrow().begin(whole.result());
        } catch (ProblemException impossible) {
            call.end(OriginOutcome.BROKEN, impossible);
            return;
        }
        call.complete();
    }

    /**
     * Returns whether the request may be sent again, which is true of safe requests without a body
     * (<a href="https://www.rfc-editor.org/rfc/rfc9110#section-9.2.2">RFC 9110 9.2.2</a>).
     */
    @Override
    public boolean isRepeatable() {
        return SAFE.contains(request.method()) && !body.isPresent() && interim == 0;
    }

    @Override
    public boolean waitsForClient() {
        boolean forBody = upload != null && !body.isComplete() && toOrigin != null && !toOrigin.writeQueueFull();
        return forBody || call.isResponding() && ctx.response().writeQueueFull();
    }

    /** Reads and discards the rest of both bodies. */
    @Override
    public void onStopped() {
        if (fromOrigin != null) {
            fromOrigin.resume();
            internals.continueReading(fromOrigin);
        }
        if (upload != null) {
            upload.discard();
        } else if (!body.isComplete()) {
            body.handler(chunk -> {}).resume();
        }
    }
}
