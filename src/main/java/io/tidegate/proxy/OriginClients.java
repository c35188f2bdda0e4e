package io.tidegate.proxy;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.PoolOptions;

/**
 * Owned by one event loop. Connections to origins, in two pools: what stays open for hours must not take the places of
 * what is answered in milliseconds.
 */
final class OriginClients {

    private static final int ORDINARY_PER_ORIGIN = 128;
    private static final int STREAMS_PER_ORIGIN = 10_000;
    private static final int WAITING = 1_024;
    /** Below the five seconds after which common servers close an idle connection, just as we would use it again. */
    private static final int KEEP_ALIVE_SECONDS = 4;

    private static final int HEAD_LIMIT = 64 << 10;

    private final HttpClient ordinary;
    private final HttpClient streams;

    OriginClients(Vertx vertx, Patience patience) {
        HttpClientOptions options = new HttpClientOptions()
                .setConnectTimeout((int) patience.connect().toMillis())
                .setKeepAliveTimeout(KEEP_ALIVE_SECONDS)
                .setTcpKeepAlive(true)
                .setMaxHeaderSize(HEAD_LIMIT);
        ordinary = client(vertx, options, ORDINARY_PER_ORIGIN);
        streams = client(vertx, options, STREAMS_PER_ORIGIN);
    }

    HttpClient ordinary() {
        return ordinary;
    }

    HttpClient streams() {
        return streams;
    }

    /** The pool for a request that asks for no WebSocket. */
    HttpClient forRequest(HttpServerRequest request) {
        String accept = request.getHeader(HttpHeaders.ACCEPT);
        return accept != null && accept.contains("text/event-stream") ? streams : ordinary;
    }

    Future<Void> close() {
        return Future.join(ordinary.close(), streams.close()).mapEmpty();
    }

    private static HttpClient client(Vertx vertx, HttpClientOptions options, int size) {
        return vertx.httpClientBuilder()
                .with(options)
                .with(new PoolOptions().setHttp1MaxSize(size).setMaxWaitQueueSize(WAITING))
                .withConnectHandler(connection -> connection.exceptionHandler(Failures::ignore))
                .build();
    }
}
