package io.tidegate.edge.message;

import io.netty.handler.codec.http.HttpResponseStatus;
import io.tidegate.problem.Problem;
import io.vertx.core.Future;
import io.vertx.core.http.HttpServerResponse;

/** A problem as an HTTP response. */
public final class ProblemResponse {

    private ProblemResponse() {}

    /** Ends a response, whose head is not written, with a problem. */
    public static Future<Void> send(HttpServerResponse response, Problem problem) {
        response.setStatusCode(problem.code().status())
                .putHeader("Content-Type", Problem.MEDIA_TYPE)
                // Set again, because a request that was passed on to an origin and failed there has lost it.
                .putHeader("X-Content-Type-Options", "nosniff")
                .putHeader("Cache-Control", "no-store");
        if (problem.retryAfterSeconds() > 0) {
            response.putHeader("Retry-After", Integer.toString(problem.retryAfterSeconds()));
        }
        return response.end(problem.toJson().toBuffer());
    }

    /** Returns the last response of an HTTP/1.1 connection, head and body, in ASCII. */
    public static String last(Problem problem) {
        String body = problem.toJson().encode();
        return """
                HTTP/1.1 %s\r
                Content-Type: %s\r
                X-Content-Type-Options: nosniff\r
                Cache-Control: no-store\r
                Connection: close\r
                Content-Length: %d\r
                \r
                %s"""
                .formatted(
                        HttpResponseStatus.valueOf(problem.code().status()), Problem.MEDIA_TYPE, body.length(), body);
    }
}
