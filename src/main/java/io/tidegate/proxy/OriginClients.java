package io.tidegate.proxy;

import io.tidegate.edge.netty.Internals;
import io.tidegate.proxy.origin.Origin;
import io.tidegate.proxy.origin.OriginLimits;
import io.tidegate.proxy.origin.ServerDialer;
import io.tidegate.proxy.origin.TrafficClass;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import java.net.URI;
import java.time.Duration;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;

/**
 * Holds the HTTP clients of one event loop, one for each traffic class, so that ordinary requests do not have to search
 * for a free connection among thousands of long-lived ones. The number of connections is limited by the
 * {@link Bulkhead}s.
 */
final class OriginClients {

    /**
     * The keep-alive time for idle connections. Common servers close an idle connection after five seconds; a shorter
     * time avoids reusing one that has just been closed.
     */
    private static final int KEEP_ALIVE_SECONDS = 4;

    private static final int HEAD_LIMIT = 64 << 10;
    private static final int MAX_CHUNK_BYTES = 64 << 10;

    /** The connections on which no request has been sent yet. */
    private final Set<HttpConnection> unused = Collections.newSetFromMap(new IdentityHashMap<>());

    private final ServerDialer dialer;
    private final HttpClient requests;
    private final HttpClient streams;

    OriginClients(Vertx vertx, Internals internals) {
        dialer = new ServerDialer(vertx);
        requests = client(vertx, internals);
        streams = client(vertx, internals);
    }

    /** Opens a request to a server without sending any part of it. */
    Future<HttpClientRequest> open(TrafficClass trafficClass, Origin origin, URI server, Duration connect) {
        HttpClient client = trafficClass == TrafficClass.STREAMS ? streams : requests;
        return dialer.open(client, origin, server, new RequestOptions(), connect);
    }

    /** Returns whether this is the first request on the connection. Must be called exactly once for each request. */
    boolean isFirstUse(HttpConnection connection) {
        return unused.remove(connection);
    }

    Future<Void> close() {
        return Future.join(requests.close(), streams.close()).mapEmpty();
    }

    private HttpClient client(Vertx vertx, Internals internals) {
        HttpClientOptions options = new HttpClientOptions()
                .setConnectTimeout((int) OriginLimits.LONGEST_CONNECT.toMillis())
                .setKeepAliveTimeout(KEEP_ALIVE_SECONDS)
                .setTcpKeepAlive(true)
                .setMaxHeaderSize(HEAD_LIMIT)
                // Large bodies are forwarded in chunks as large as one read from a socket.
                .setMaxChunkSize(MAX_CHUNK_BYTES);
        return vertx.httpClientBuilder()
                .with(options)
                .with(new PoolOptions().setHttp1MaxSize(OriginLimits.MOST_CONNECTIONS))
                .withConnectHandler(connection -> {
                    connection.exceptionHandler(OriginFailures::ignore);
                    unused.add(connection);
                    connection.closeHandler(closed -> unused.remove(connection));
                    internals.prepareClient(connection, options);
                })
                .build();
    }
}
