package io.tidegate.proxy;

import io.netty.handler.codec.http.HttpResponseStatus;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.streams.ReadStream;
import io.vertx.ext.web.RoutingContext;

/**
 * Passes an origin's answer on. The way of vertx-http-proxy is not used: it keeps the fields of the connection, holds
 * back what an HTTP/1.0 client is to get, and announces chunks where there is no body.
 */
final class Answer {

    private Answer() {}

    /**
     * Streams the answer, as fast as the client reads it. A body of unknown length ends, for an HTTP/1.0 client, with
     * the connection (<a href="https://www.rfc-editor.org/rfc/rfc9112#section-6.3">RFC 9112 6.3</a>).
     *
     * @param origin paused
     */
    static Future<Void> passOn(HttpClientResponse origin, RoutingContext ctx) {
        Observer observer = Observer.of(ctx);
        Observed.look(() -> observer.answer(origin.statusCode(), origin.headers()));
        HttpServerResponse response = ctx.response().setStatusCode(origin.statusCode());
        String phrase = origin.statusMessage();
        // A phrase of its own keeps the server from seeing that 304 has no length.
        if (!HttpResponseStatus.valueOf(origin.statusCode()).reasonPhrase().equals(phrase)) {
            response.setStatusMessage(phrase);
        }
        HopByHop.strip(origin.headers());
        response.headers().addAll(origin.headers());
        if (origin.headers().contains(HttpHeaders.CONTENT_LENGTH) || !hasBody(origin, ctx)) {
            return stream(origin, observer, response);
        }
        if (ctx.request().version() != HttpVersion.HTTP_1_0) {
            response.setChunked(true);
            return stream(origin, observer, response);
        }
        // After the server has promised, on its own, to keep the connection.
        ctx.addHeadersEndHandler(head -> response.headers().set(HttpHeaders.CONNECTION, HttpHeaders.CLOSE));
        return stream(origin, observer, response)
                .eventually(() -> ctx.request().connection().close());
    }

    private static Future<Void> stream(HttpClientResponse origin, Observer observer, HttpServerResponse response) {
        ReadStream<Buffer> body =
                observer == Observer.NONE ? origin : new Observed(origin, observer::response, observer::end);
        // An answer that broke off must not look like one that ended.
        return body.pipe().endOnFailure(false).to(response);
    }

    private static boolean hasBody(HttpClientResponse origin, RoutingContext ctx) {
        return !HttpMethod.HEAD.equals(ctx.request().method())
                && origin.statusCode() != 204
                && origin.statusCode() != 304;
    }
}
