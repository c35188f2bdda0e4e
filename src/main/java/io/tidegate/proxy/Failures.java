package io.tidegate.proxy;

import io.netty.channel.ConnectTimeoutException;
import io.tidegate.problem.Code;
import io.tidegate.problem.Problem;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a client hears when its origin fails. */
final class Failures {

    private static final Logger LOG = LoggerFactory.getLogger(Failures.class);

    private Failures() {}

    /**
     * Answers with a problem, or cuts the connection when the origin's own answer has begun: its reader must not take a
     * part for the whole.
     */
    static void tell(RoutingContext ctx, Origin origin, Throwable failure) {
        LOG.debug("event=origin-failed prefix={}", origin.prefix(), failure);
        HttpServerResponse response = ctx.response();
        if (response.headWritten()) {
            response.reset();
        } else if (!response.closed() && !ctx.failed()) {
            response.headers().clear();
            ctx.fail(problem(failure).toException());
        }
    }

    /** For a failure that is also told by a future: without a handler it would be logged as an error. */
    static void ignore(Throwable failure) {
        LOG.trace("event=origin-failed", failure);
    }

    private static Problem problem(Throwable failure) {
        if (failure instanceof TimeoutException || failure instanceof ConnectTimeoutException) {
            return Problem.of(Code.ORIGIN_TIMEOUT, "the service behind this path did not answer in time");
        }
        return Problem.of(Code.ORIGIN_UNREACHABLE, "the service behind this path gave no answer");
    }
}
