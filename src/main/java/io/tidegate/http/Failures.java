package io.tidegate.http;

import io.tidegate.problem.Code;
import io.tidegate.problem.Problem;
import io.tidegate.problem.ProblemException;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.HttpException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Turns every failure into a problem body. May be shared by all event loops. */
final class Failures implements Handler<RoutingContext> {

    private static final Logger LOG = LoggerFactory.getLogger(Failures.class);

    private final Consumer<Code> listener;

    Failures(Consumer<Code> listener) {
        this.listener = listener;
    }

    @Override
    public void handle(RoutingContext ctx) {
        HttpServerResponse response = ctx.response();
        Problem problem = problem(ctx.failure(), ctx.statusCode());
        listener.accept(problem.code());
        if (problem.code() == Code.INTERNAL) {
            LOG.error(
                    "event=request-failed method={} path={}",
                    ctx.request().method(),
                    ctx.request().path(),
                    ctx.failure());
        }
        if (response.headWritten()) {
            // Too late to say anything: the cut connection tells the client that the answer is not whole.
            response.reset();
        } else if (!response.closed()) {
            answer(response, problem);
        }
    }

    private static void answer(HttpServerResponse response, Problem problem) {
        response.setStatusCode(problem.code().status())
                .putHeader("Content-Type", Problem.MEDIA_TYPE)
                .putHeader("Cache-Control", "no-store");
        if (problem.retryAfterSeconds() > 0) {
            response.putHeader("Retry-After", Integer.toString(problem.retryAfterSeconds()));
        }
        response.end(problem.toJson().toBuffer());
    }

    static Problem problem(@Nullable Throwable failure, int status) {
        if (failure instanceof ProblemException refused) {
            return refused.problem();
        }
        int effective = failure instanceof HttpException http ? http.getStatusCode() : status;
        return switch (effective) {
            case 400 -> Problem.of(Code.INVALID_TARGET, "the request cannot be read");
            case 404 -> Problem.of(Code.NOT_FOUND, "no route and no origin answers for this path");
            case 405 -> Problem.of(Code.METHOD_NOT_ALLOWED, "another method may be allowed here");
            case 413 -> Problem.of(Code.PAYLOAD_TOO_LARGE, "the body is over the limit");
            case 415 -> Problem.of(Code.UNSUPPORTED_MEDIA_TYPE, "another content type is expected");
            default -> Problem.of(Code.INTERNAL, "the request could not be answered");
        };
    }
}
