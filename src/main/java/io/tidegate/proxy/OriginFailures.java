package io.tidegate.proxy;

import io.netty.channel.ConnectTimeoutException;
import io.netty.handler.codec.PrematureChannelClosureException;
import io.tidegate.edge.netty.Internals;
import io.tidegate.problem.Code;
import io.tidegate.problem.Problem;
import io.tidegate.problem.ProblemException;
import io.tidegate.proxy.origin.OriginOutcome;
import io.vertx.core.http.HttpClosedException;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reports origin failures to clients. */
final class OriginFailures {

    private static final Logger LOG = LoggerFactory.getLogger(OriginFailures.class);

    private OriginFailures() {}

    /**
     * Responds with a problem, or resets the response if its head has been written, so that the client cannot mistake a
     * partial body for a complete one.
     */
    static void respond(RoutingContext ctx, Internals internals, Throwable failure) {
        HttpServerResponse response = ctx.response();
        if (response.headWritten()) {
            internals.breakOff(ctx.request());
        } else if (!response.closed() && !ctx.failed()) {
            response.headers().clear();
            ctx.fail(
                    failure instanceof ProblemException
                            ? failure
                            : problem(failure).toException());
        }
    }

    /** Ignores an exception that is also reported by a future; without a handler, Vert.x would log it as an error. */
    static void ignore(Throwable failure) {
        LOG.trace("event=origin-failed", failure);
    }

    /** Returns whether the failure means that the connection to the origin was closed. */
    static boolean isClosed(Throwable failure) {
        return failure instanceof HttpClosedException
                || failure instanceof PrematureChannelClosureException
                || failure instanceof IOException;
    }

    /** Returns the outcome that is counted for a request that failed without a response. */
    static OriginOutcome outcome(Throwable failure) {
        if (failure instanceof BusyException) {
            return OriginOutcome.BUSY;
        }
        return failure instanceof TimeoutException || failure instanceof ConnectTimeoutException
                ? OriginOutcome.TIMEOUT
                : OriginOutcome.UNREACHABLE;
    }

    private static Problem problem(Throwable failure) {
        return switch (outcome(failure)) {
            case BUSY ->
                Problem.of(Code.ORIGIN_BUSY, "the service behind this path cannot accept more requests at present");
            case TIMEOUT -> Problem.of(Code.ORIGIN_TIMEOUT, "the service behind this path did not respond in time");
            default -> Problem.of(Code.ORIGIN_UNREACHABLE, "the service behind this path did not respond");
        };
    }
}
