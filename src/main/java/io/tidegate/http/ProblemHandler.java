package io.tidegate.http;

import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.tidegate.edge.message.BrokenResponse;
import io.tidegate.edge.message.ProblemResponse;
import io.tidegate.edge.netty.UnsupportedCodingException;
import io.tidegate.edge.netty.UnsupportedVersionException;
import io.tidegate.journal.JournalException;
import io.tidegate.problem.Code;
import io.tidegate.problem.Problem;
import io.tidegate.problem.ProblemException;
import io.tidegate.problem.ProblemMetrics;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.HttpException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Turns every failure into a problem response. Thread-safe. */
final class ProblemHandler implements Handler<RoutingContext> {

    private static final Logger LOG = LoggerFactory.getLogger(ProblemHandler.class);

    private final ProblemMetrics metrics;

    ProblemHandler(ProblemMetrics metrics) {
        this.metrics = metrics;
    }

    @Override
    public void handle(RoutingContext ctx) {
        HttpServerResponse response = ctx.response();
        if (response.closed() || response.ended()) {
            return; // The client has disconnected or already has a response.
        }
        Problem problem = report(ctx, ctx.failure(), ctx.statusCode());
        if (response.headWritten()) {
            // The head has already been sent, so only a broken connection or stream tells the client that the response
            // is incomplete.
            BrokenResponse.end(response);
        } else {
            ProblemResponse.send(ctx.request(), problem);
        }
    }

    private Problem report(RoutingContext ctx, @Nullable Throwable failure, int status) {
        Problem problem = problem(failure, status);
        metrics.count(problem.code());
        if (problem.code() == Code.INTERNAL) {
            LOG.error(
                    "event=request-failed method={} path={}",
                    ctx.request().method(),
                    ctx.request().path(),
                    failure);
        } else {
            LOG.debug(
                    "event=request-refused code={} method={} path={} reason=\"{}\"",
                    problem.code().text(),
                    ctx.request().method(),
                    ctx.request().path(),
                    problem.detail());
        }
        return problem;
    }

    /**
     * Responds to bytes that could not be parsed as a request. Closes the connection, because it is unknown where the
     * next request would begin (<a href="https://www.rfc-editor.org/rfc/rfc9112#section-2.2">RFC 9112, 2.2</a>).
     */
    void unreadable(HttpServerRequest request) {
        Problem problem = unreadable(request.decoderResult().cause());
        metrics.count(problem.code());
        request.response().putHeader("Connection", "close");
        ProblemResponse.send(request, problem)
                .onComplete(sent -> request.connection().close());
    }

    private static Problem unreadable(Throwable cause) {
        if (cause instanceof TooLongHttpLineException) {
            return Problem.of(Code.TARGET_TOO_LONG, "the request line exceeds the limit");
        } else if (cause instanceof TooLongHttpHeaderException) {
            return Problem.of(Code.HEADERS_TOO_LARGE, "the headers exceed the limit");
        } else if (cause instanceof UnsupportedVersionException) {
            return Problem.of(Code.UNSUPPORTED_VERSION, "the version must be HTTP/1.1 or HTTP/1.0");
        } else if (cause instanceof UnsupportedCodingException) {
            return Problem.of(Code.NOT_IMPLEMENTED, "the transfer coding must be chunked alone");
        }
        return Problem.of(Code.MALFORMED_REQUEST, "the request could not be parsed");
    }

    /** Responds to a request whose target is not a path, which no route can match. */
    void withoutPath(HttpServerRequest request) {
        // A request for a tunnel names a host instead (RFC 9112, 3.2.3).
        Problem problem = request.method().equals(HttpMethod.CONNECT)
                ? Problem.of(Code.NOT_IMPLEMENTED, "CONNECT must not be used here")
                : Problem.of(Code.INVALID_TARGET, "the path must begin with a slash");
        metrics.count(problem.code());
        LOG.debug(
                "event=request-refused code={} method={} reason=\"{}\"",
                problem.code().text(),
                request.method(),
                problem.detail());
        ProblemResponse.send(request, problem);
    }

    static Problem problem(@Nullable Throwable failure, int status) {
        if (failure instanceof ProblemException refused) {
            return refused.problem();
        }
        if (failure instanceof JournalException) {
            return Problem.of(Code.STORAGE_UNAVAILABLE, "the journal cannot be read at present");
        }
        int effective = failure instanceof HttpException http ? http.getStatusCode() : status;
        return switch (effective) {
            case 404 -> Problem.of(Code.NOT_FOUND, "no route and no origin matches this path");
            case 413 -> Problem.of(Code.PAYLOAD_TOO_LARGE, "the body exceeds the limit");
            default ->
                effective >= 400 && effective < 500
                        ? Problem.of(Code.MALFORMED_REQUEST, "the request could not be parsed")
                        : Problem.of(Code.INTERNAL, "the request failed");
        };
    }
}
