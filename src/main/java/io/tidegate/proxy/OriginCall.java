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
 * Owned by one event loop. A client's request to an origin, from the wait for a place to its one end: whole, broken off,
 * late, or left by the client. What passes meanwhile is its {@link Party}'s.
 */
public final class OriginCall {

    /** Whose call it is. None of these is called after the end. */
    public interface Party {

        /**
         * Writes the head of the request for this server.
         *
         * @throws IllegalArgumentException when it cannot be sent
         */
        void head(HttpClientRequest toOrigin, URI server);

        /** Sends it; the head was written. */
        void send(HttpClientRequest toOrigin);

        /** Any number that changes when something has passed. */
        long moved();

        /** Whether the origin has got all there was for it, and the client is to bring more. */
        default boolean waitsForClient() {
            return false;
        }

        /** The request to the origin has ended before its time: nobody wants what is left of the bodies. */
        default void stopped() {}
    }

    private final RoutingContext ctx;
    private final OriginLimits allowance;
    private final Party party;
    private final ConnectAttempt dial;
    private final ProgressTimeout patience;
    private @Nullable HttpClientRequest toOrigin;
    private boolean answering;
    private boolean over;
    private Duration limit;
    private long oldAge = -1;

    public OriginCall(RoutingContext ctx, OriginPool way, TrafficClass lane, Party party) {
        this.ctx = ctx;
        this.allowance = way.origin().allowance(lane);
        this.party = party;
        this.limit = allowance.answer();
        this.dial = new ConnectAttempt(ctx.vertx(), way, lane, this::opened, this::fail);
        this.patience = new ProgressTimeout(ctx.vertx(), party::moved, this::stalled);
    }

    public void open() {
        ctx.addEndHandler(sent -> {
            if (sent.failed() && !over && !ctx.response().ended()) {
                abandon();
            }
        });
        dial.open();
    }

    private void opened(HttpClientRequest request) {
        toOrigin = request.exceptionHandler(OriginFailures::ignore);
        if (ctx.response().closed()) {
            abandon();
            return;
        }
        try {
            party.head(request, dial.server());
        } catch (IllegalArgumentException unfitHead) {
            fail(unfitHead);
            return;
        }
        patience.allow(limit);
        if (!allowance.maxAge().isZero()) {
            oldAge = ctx.vertx().setTimer(allowance.maxAge().toMillis(), late -> stalled());
        }
        party.send(request);
    }

    /** Whether it has ended, or is somebody else's. */
    public boolean isOver() {
        return over;
    }

    /** Whether the answer has begun. */
    public boolean isAnswering() {
        return answering;
    }

    /** The server has answered: it works, whatever comes now. */
    public void answered() {
        dial.answered();
    }

    /** The answer passes on, and may stand still for this long. */
    public void answering(Duration idle) {
        answering = true;
        limit = idle;
        dial.answered();
        patience.allow(idle);
    }

    /**
     * What passes from now on is somebody else's, with its own bounds. The place stays taken.
     *
     * @return what to call at its end
     */
    public Consumer<OriginOutcome> handOver() {
        over = true;
        stopTimers();
        return dial::end;
    }

    /** The client does not wait for the end. */
    public void abandon() {
        end(OriginOutcome.ABANDONED);
        stop();
    }

    /** The origin's fault, which its client hears. */
    public void fail(Throwable failure) {
        if (!answering && toOrigin != null && !over) {
            dial.unanswered(failure);
        }
        end(answering ? OriginOutcome.BROKEN : OriginFailures.outcome(failure), failure);
    }

    /** Ends the request at the origin too, and tells the client. */
    public void end(OriginOutcome outcome, Throwable failure) {
        if (!over) {
            end(outcome);
            stop();
            OriginFailures.tell(ctx, failure);
        }
    }

    /** Gives the place back. Only the first time counts. */
    public void end(OriginOutcome outcome) {
        if (!over) {
            over = true;
            stopTimers();
            dial.end(outcome);
        }
    }

    /**
     * Ends the request at the origin, because the request or its response is incomplete. The connection is closed: the
     * origin would take what is sent next on it for the rest of this request (RFC 9112, 9.3). A reset alone does not close
     * it when the response is already complete.
     */
    public void stop() {
        if (toOrigin != null) {
            toOrigin.reset();
            toOrigin.connection().close();
        }
        party.stopped();
    }

    private void stalled() {
        TimeoutException late = new TimeoutException("nothing moved for " + limit);
        if (!answering && party.waitsForClient()) {
            end(OriginOutcome.TIMEOUT, late);
        } else {
            fail(late);
        }
    }

    private void stopTimers() {
        patience.end();
        if (oldAge >= 0) {
            ctx.vertx().cancelTimer(oldAge);
        }
    }
}
