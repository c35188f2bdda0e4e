package io.tidegate.proxy;

import io.tidegate.edge.netty.Internals;
import io.tidegate.proxy.ExchangeState.Message;
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
 * Manages the life cycle of one request to an origin, from queueing for a permit until the request ends. The request
 * ends exactly once: it completes, fails, times out or is abandoned by the client. Its {@link Party} transfers the
 * data. Owned by one event loop.
 */
final class OriginCall {

    /** Transfers the data of a call. No method is called after the call has ended. */
    interface Party {

        /**
         * Prepares the request head for this server.
         *
         * @throws IllegalArgumentException if the head cannot be sent
         */
        void head(HttpClientRequest toOrigin, URI server);

        /** Sends the request, whose head has been prepared by {@link #head}. */
        void send(HttpClientRequest toOrigin);

        /** Returns whether the request may be sent a second time. */
        default boolean isRepeatable() {
            return false;
        }

        /** Returns whether the exchange cannot proceed until the client sends or reads more data. */
        default boolean waitsForClient() {
            return false;
        }

        /** Called when the request to the origin has been aborted and the rest of both bodies is no longer needed. */
        default void onStopped() {}
    }

    private final RoutingContext ctx;
    private final Internals internals;
    private final OriginLimits limits;
    private final Party party;
    private final ConnectAttempt attempt;
    private final ProgressTimeout timeout;
    private ExchangeState state = new ExchangeState();
    private @Nullable HttpClientRequest toOrigin;
    private boolean repeated;
    private Duration limit;
    private long maxAgeTimer = -1;

    OriginCall(RoutingContext ctx, Internals internals, OriginPool pool, TrafficClass trafficClass, Party party) {
        this.ctx = ctx;
        this.internals = internals;
        this.limits = pool.origin().limits(trafficClass);
        this.party = party;
        this.limit = limits.answer();
        this.attempt = new ConnectAttempt(
                ctx.vertx(), pool, trafficClass, pool.client(ctx.request()), this::opened, this::fail);
        this.timeout = new ProgressTimeout(ctx.vertx(), this::stalled);
    }

    void open() {
        ctx.addEndHandler(sent -> {
            if (sent.failed() && !isOver() && !ctx.response().ended()) {
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
        if (!limits.maxAge().isZero() && maxAgeTimer < 0) {
            maxAgeTimer = ctx.vertx().setTimer(limits.maxAge().toMillis(), late -> stalled());
        }
        party.send(request);
    }

    /** Returns the state of the exchange, in which the party records the progress of the messages. */
    ExchangeState state() {
        return state;
    }

    /** Returns whether the call has ended or was handed over. */
    boolean isOver() {
        return state.isOver();
    }

    /** Runs a task unless the call has ended. */
    void ifOpen(Runnable task) {
        if (!isOver()) {
            task.run();
        }
    }

    /** Returns whether the response has begun. */
    boolean isResponding() {
        return state.isResponding();
    }

    /** Records that data has been transferred, which restarts the timeouts. */
    void progressed() {
        timeout.progressed();
    }

    /** Records that the server has responded, so that the server counts as healthy even if the exchange fails later. */
    void responded() {
        attempt.responded();
    }

    /** Records that the response is being relayed, and sets the maximum time without progress. */
    void responseStarted(Duration idle) {
        state.response(Message.HEAD);
        limit = idle;
        attempt.responded();
        timeout.allow(idle);
    }

    /**
     * Hands the connection over to a new owner, which enforces its own timeouts. The permit remains in use.
     *
     * @return the callback that the new owner must call when the connection ends
     */
    Consumer<OriginOutcome> handOver() {
        state.handOver();
        stopTimers();
        return attempt::end;
    }

    /** Ends the call because the response is complete. */
    void complete() {
        state.response(Message.COMPLETE);
        end(OriginOutcome.ANSWERED);
    }

    /** Ends the call before the response is complete, because the gateway does not need the rest of it. */
    void endEarly() {
        end(OriginOutcome.ANSWERED);
    }

    /** Ends the call because the client has disconnected. */
    void abandon() {
        end(OriginOutcome.ABANDONED);
    }

    /**
     * Ends the call because the origin failed, and reports the failure to the client, unless the request can be sent
     * again: a safe request is sent once more if the origin had closed the idle connection that was reused for it.
     */
    void fail(Throwable failure) {
        if (isOver()) {
            return;
        }
        boolean responding = state.isResponding();
        if (!responding && toOrigin != null) {
            if (mayRepeat(failure)) {
                repeat();
                return;
            }
            attempt.noResponse(failure);
        }
        end(responding ? OriginOutcome.BROKEN : OriginFailures.outcome(failure), failure);
    }

    private boolean mayRepeat(Throwable failure) {
        return !repeated && party.isRepeatable() && attempt.wasIdleConnection() && OriginFailures.isClosed(failure);
    }

    private void repeat() {
        repeated = true;
        toOrigin = null;
        timeout.end();
        state = new ExchangeState();
        attempt.again();
    }

    /** Ends the call and reports the failure to the client. */
    void end(OriginOutcome outcome, Throwable failure) {
        if (end(outcome)) {
            OriginFailures.respond(ctx, internals, failure);
        }
    }

    /**
     * Ends the call, closes the connection to the origin unless both messages are complete, and releases the permit.
     * Only the first call has an effect.
     */
    private boolean end(OriginOutcome outcome) {
        if (!state.end(outcome)) {
            return false;
        }
        stopTimers();
        if (state.mustCloseConnection()) {
            stop();
        }
        attempt.end(outcome);
        return true;
    }

    private void stop() {
        if (toOrigin != null) {
            // Resetting the request does not close the connection if the response is already complete.
            toOrigin.reset();
            toOrigin.connection().close();
        }
        party.onStopped();
    }

    private void stalled() {
        TimeoutException late = new TimeoutException("no progress for " + limit);
        if (party.waitsForClient()) {
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
