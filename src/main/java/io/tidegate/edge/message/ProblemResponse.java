package io.tidegate.edge.message;

import io.netty.handler.codec.http.HttpResponseStatus;
import io.tidegate.problem.Problem;
import io.vertx.core.Future;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;

/** Writes a problem as an HTTP response. */
public final class ProblemResponse {

    /**
     * The field by which the access log of a proxy in front can show that the gateway, not an origin, refused the
     * request.
     */
    private static final String FIELD = "Tidegate-Problem";

    private ProblemResponse() {}

    /** Responds with a problem. The head of the response must not have been written. */
    public static Future<Void> send(HttpServerRequest request, Problem problem) {
        HttpServerResponse response = request.response();
        response.setStatusCode(problem.code().status())
                .putHeader("Content-Type", Problem.MEDIA_TYPE)
                .putHeader(FIELD, problem.code().text())
                // The header is set again, because it was removed from responses that had been prepared for forwarding.
                .putHeader("X-Content-Type-Options", "nosniff")
                .putHeader("Cache-Control", "no-store");
        if (problem.retryAfterSeconds() > 0) {
            response.putHeader("Retry-After", Integer.toString(problem.retryAfterSeconds()));
        }
        return ResponseBody.end(request, problem.toJson().toBuffer());
    }

    /** Formats a problem as a complete HTTP/1.1 response in ASCII that closes the connection. */
    public static String last(Problem problem) {
        String body = problem.toJson().encode();
        return """
                HTTP/1.1 %s\r
                Content-Type: %s\r
                X-Content-Type-Options: nosniff\r
                Cache-Control: no-store\r
                Tidegate-Problem: %s\r
                Connection: close\r
                Content-Length: %d\r
                \r
                %s"""
                .formatted(
                        HttpResponseStatus.valueOf(problem.code().status()),
                        Problem.MEDIA_TYPE,
                        problem.code().text(),
                        body.length(),
                        body);
    }
}
