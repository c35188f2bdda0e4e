package io.tidegate.proxy;

import io.netty.channel.ConnectTimeoutException;
import io.tidegate.problem.Code;
import io.tidegate.problem.Problem;
import io.tidegate.proxy.origin.OriginOutcome;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a client hears when its origin fails. */
public final class OriginFailures {

    private static final Logger LOG = LoggerFactory.getLogger(OriginFailures.class);

    private OriginFailures() {}

    /**
     * Answers with a problem, or cuts the connection when the origin's own answer has begun: its reader must not take a
     * part for the whole.
     */
    static void tell(RoutingContext ctx, Throwable failure) {
        HttpServerResponse response = ctx.response();
        if (response.headWritten()) {
            response.reset();
        } else if (!response.closed() && !ctx.failed()) {
            response.headers().clear();
            ctx.fail(problem(failure).toException());
        }
    }

    /** For a failure that is also told by a future: without a handler it would be logged as an error. */
    public static void ignore(Throwable failure) {
        LOG.trace("event=origin-failed", failure);
    }

    /** What a request without an answer is counted as. */
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
                Problem.of(Code.ORIGIN_BUSY, "the service behind this path has no place for more requests now");
            case TIMEOUT -> Problem.of(Code.ORIGIN_TIMEOUT, "the service behind this path did not answer in time");
            default -> Problem.of(Code.ORIGIN_UNREACHABLE, "the service behind this path gave no answer");
        };
    }
}
