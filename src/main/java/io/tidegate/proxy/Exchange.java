package io.tidegate.proxy;

import io.tidegate.problem.Code;
import io.tidegate.problem.Problem;
import io.tidegate.proxy.Hold.Held;
import io.tidegate.proxy.OriginListener.Outcome;
import io.vertx.core.AsyncResult;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Owned by one event loop. One request on its way to its origin and back. */
final class Exchange {

    /** How many preliminary answers (1xx) are worth passing on. */
    private static final int PRELIMINARY = 16;

    private final RoutingContext ctx;
    private final HttpServerRequest request;
    private final Way way;
    private final Forwarding forwarding;
    private final Allowance allowance;
    private final Call call;
    private final Watch watch;
    private final boolean hasBody;
    private @Nullable HttpClientRequest toOrigin;
    private @Nullable HttpClientResponse fromOrigin;
    private @Nullable Flow upload;
    private Optional<Held> held = Optional.empty();
    private boolean answering;
    private boolean over;
    private long end = -1;
    private int preliminary;

    Exchange(RoutingContext ctx, Way way, Lane lane, Forwarding forwarding) {
        this.ctx = ctx;
        this.request = ctx.request();
        this.way = way;
        this.forwarding = forwarding;
        this.allowance = way.origin().allowance(lane);
        this.call = new Call(ctx.vertx(), way, lane, this::send, this::fail);
        this.watch = new Watch(ctx.vertx(), this::moved, this::stalled);
        this.hasBody = hasBody(request);
    }

    void start() {
        List<String> codings = request.headers().getAll(HttpHeaders.TRANSFER_ENCODING);
        if (codings.size() > 1 || codings.size() == 1 && !codings.get(0).equalsIgnoreCase("chunked")) {
            ctx.fail(Problem.of(Code.MALFORMED_REQUEST, "chunked is the only transfer coding here")
                    .toException());
            return;
        }
        if (hasBody) {
            request.pause();
        }
        ctx.addEndHandler(sent -> {
            if (sent.failed() && !over && !ctx.response().ended()) {
                finish(Outcome.ABANDONED);
                stop();
            }
        });
        call.open();
    }

    private void send(HttpClientRequest opened) {
        toOrigin = opened.exceptionHandler(Failures::ignore);
        if (ctx.response().closed()) {
            finish(Outcome.ABANDONED);
            stop();
            return;
        }
        try {
            forwarding.write(request, way.origin(), call.server(), opened);
        } catch (IllegalArgumentException unfitHead) {
            fail(unfitHead);
            return;
        }
        way.hold().ask(opened.headers());
        opened.response().onComplete(this::answered, this::fail);
        watch.allow(allowance.answer());
        if (!allowance.maxAge().isZero()) {
            end = ctx.vertx().setTimer(allowance.maxAge().toMillis(), late -> stalled());
        }
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
        }
        // The head first: the origin may refuse by it, or say that it waits for the rest.
        opened.sendHead();
        request.exceptionHandler(broken -> {
            finish(Outcome.ABANDONED);
            stop();
        });
        request.endHandler(complete -> {
            if (!over) {
                opened.end();
            }
        });
        Observer observer = Observer.of(ctx);
        upload = Flow.start(
                observer == Observer.NONE ? request : new Observed(request, observer::request, () -> {}), opened);
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
            fail(new IllegalStateException("too many preliminary answers"));
        }
        return !over && !answering;
    }

    private void answered(HttpClientResponse answer) {
        if (over) {
            return;
        }
        if (!Answer.fit(answer)) {
            answer.exceptionHandler(Failures::ignore);
            fail(new IllegalStateException("the origin's answer cannot be passed on"));
            return;
        }
        try {
            held = way.hold().of(answer, ctx);
        } catch (IllegalArgumentException impossible) {
            answer.exceptionHandler(Failures::ignore);
            call.answered();
            end(Outcome.BROKEN, impossible);
            return;
        }
        answering = true;
        fromOrigin = answer;
        call.answered();
        boolean stream = Lane.isStream(answer.getHeader(HttpHeaders.CONTENT_TYPE));
        watch.allow((stream ? way.origin().streams() : allowance).idle());
        Answer.passOn(answer, ctx, held.isPresent(), this::passedOn);
    }

    private void passedOn(AsyncResult<Void> whole) {
        if (whole.failed()) {
            fail(whole.cause());
            return;
        }
        finish(Outcome.ANSWERED);
        if (!request.isEnded()) {
            // An origin that has answered need not take the rest of the body: nobody waits for it any more.
            stop();
        }
        held.ifPresent(Held::begin);
    }

    private long moved() {
        return request.bytesRead() + ctx.response().bytesWritten();
    }

    private void stalled() {
        HttpClientRequest waiting = toOrigin;
        Duration limit = answering ? allowance.idle() : allowance.answer();
        TimeoutException late = new TimeoutException("nothing moved for " + limit);
        boolean ofClient = upload != null && !request.isEnded() && waiting != null && !waiting.writeQueueFull();
        if (!answering && !ofClient) {
            call.unanswered(late);
        }
        end(answering ? Outcome.BROKEN : Outcome.TIMEOUT, late);
    }

    private void fail(Throwable failure) {
        if (!over && !answering && toOrigin != null) {
            call.unanswered(failure);
        }
        end(answering ? Outcome.BROKEN : Failures.outcome(failure), failure);
    }

    private void end(Outcome outcome, Throwable failure) {
        if (!over) {
            finish(outcome);
            stop();
            Failures.tell(ctx, failure);
        }
    }

    private void finish(Outcome outcome) {
        over = true;
        watch.end();
        if (end >= 0) {
            ctx.vertx().cancelTimer(end);
        }
        call.end(outcome);
    }

    /** Ends the request at the origin, and reads on what is left of both bodies, for nobody. */
    private void stop() {
        if (toOrigin != null) {
            toOrigin.reset();
        }
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
