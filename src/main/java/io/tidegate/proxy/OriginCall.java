package io.tidegate.proxy;

import io.tidegate.proxy.origin.OriginLimits;
import io.tidegate.proxy.origin.OriginOutcome;
import io.tidegate.proxy.origin.TrafficClass;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.ext.web.RoutingContext;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Manages the life cycle of one request to an origin: from queueing for a permit until it ends exactly once, because it
 * is complete, broke off, timed out or was abandoned by the client. Its {@link Party} transfers the data. Owned by one
 * event loop.
 */
final class OriginCall {

    /** Transfers the data of a call. None of its methods is called after the call has ended. */
    interface Party {

        /**
         * Writes the head of the request for this server.
         *
         * @throws IllegalArgumentException if the head cannot be sent
         */
        void head(HttpClientRequest toOrigin, URI server);

        /** Sends the request, whose head has been prepared by {@link #head}. */
        void send(HttpClientRequest toOrigin);

        /** Returns a number that changes whenever data has been transferred. */
        long progress();

        /** Returns whether the origin has received everything so far and the client has to send more. */
        default boolean waitsForClient() {
            return false;
        }

        /** Called when the request to the origin was aborted: the rest of both bodies is not needed. */
        default void onStopped() {}
    }

    private final RoutingContext ctx;
    private final OriginLimits limits;
    private final Party party;
    private final ConnectAttempt attempt;
    private final ProgressTimeout timeout;
    private @Nullable HttpClientRequest toOrigin;
    private boolean responseStarted;
    private boolean over;
    private Duration limit;
    private long maxAgeTimer = -1;

    OriginCall(RoutingContext ctx, OriginPool pool, TrafficClass trafficClass, Party party) {
        this.ctx = ctx;
        this.limits = pool.origin().limits(trafficClass);
        this.party = party;
        this.limit = limits.answer();
        this.attempt = new ConnectAttempt(ctx.vertx(), pool, trafficClass, this::opened, this::fail);
        this.timeout = new ProgressTimeout(ctx.vertx(), party::progress, this::stalled);
    }

    void open() {
        ctx.addEndHandler(sent -> {
            if (sent.failed() && !over && !ctx.response().ended()) {
                abandon();
            }
        });
        attempt.open();
    }

    private void opened(HttpClientRequest request) {
        toOrigin = request.exceptionHandler(OriginFailures::ignore);
        if (ctx.response().closed()) {
            abandon();
            return;
        }
        try {
            party.head(request, attempt.server());
        } catch (IllegalArgumentException unfitHead) {
            fail(unfitHead);
            return;
        }
        timeout.allow(limit);
        if (!limits.maxAge().isZero()) {
            maxAgeTimer = ctx.vertx().setTimer(limits.maxAge().toMillis(), late -> stalled());
        }
        party.send(request);
    }

    /** Returns whether the call has ended or was handed over. */
    boolean isOver() {
        return over;
    }

    /** Returns whether the response has begun. */
    boolean isResponding() {
        return responseStarted;
    }

    /** Records that the server has responded, so it counts as healthy whatever follows. */
    void responded() {
        attempt.responded();
    }

    /** Records that the response is being relayed; from now on it may be idle for at most this long. */
    void responseStarted(Duration idle) {
        responseStarted = true;
        limit = idle;
        attempt.responded();
        timeout.allow(idle);
    }

    /**
     * Hands the connection over to a new owner that enforces its own timeouts. The permit stays taken.
     *
     * @return the callback that the new owner must call at the end
     */
    Consumer<OriginOutcome> handOver() {
        over = true;
        stopTimers();
        return attempt::end;
    }

    /** Ends the call because the client has gone. */
    void abandon() {
        end(OriginOutcome.ABANDONED);
        stop();
    }

    /** Ends the call because of a fault of the origin, and reports it to the client. */
    void fail(Throwable failure) {
        if (!responseStarted && toOrigin != null && !over) {
            attempt.noResponse(failure);
        }
        end(responseStarted ? OriginOutcome.BROKEN : OriginFailures.outcome(failure), failure);
    }

    /** Ends the call, aborts the request to the origin, and reports the failure to the client. */
    void end(OriginOutcome outcome, Throwable failure) {
        if (!over) {
            end(outcome);
            stop();
            OriginFailures.respond(ctx, failure);
        }
    }

    /** Ends the call and releases the permit. Only the first call has an effect. */
    void end(OriginOutcome outcome) {
        if (!over) {
            over = true;
            stopTimers();
            attempt.end(outcome);
        }
    }

    /**
     * Aborts the request to the origin, because the request or its response is incomplete. The connection is closed:
     * the origin would read whatever is sent next on it as the rest of this request (RFC 9112, 9.3). A reset alone does
     * not close the connection when the response is already complete.
     */
    void stop() {
        if (toOrigin != null) {
            toOrigin.reset();
            toOrigin.connection().close();
        }
        party.onStopped();
    }

    private void stalled() {
        TimeoutException late = new TimeoutException("no progress for " + limit);
        if (!responseStarted && party.waitsForClient()) {
            end(OriginOutcome.TIMEOUT, late);
        } else {
            fail(late);
        }
    }

    private void stopTimers() {
        timeout.end();
        if (maxAgeTimer >= 0) {
            ctx.vertx().cancelTimer(maxAgeTimer);
        }
    }
}
