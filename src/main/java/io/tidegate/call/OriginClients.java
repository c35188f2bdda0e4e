package io.tidegate.call;

import io.tidegate.origin.Allowance;
import io.tidegate.origin.Lane;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.PoolOptions;

/**
 * Owned by one event loop. Connections to servers, apart for each lane: an ordinary request must not search its
 * connection among thousands that stay open. How many there may be is for each {@link Gate} to say.
 */
public final class OriginClients {

    /** Below the five seconds after which common servers close an idle connection, just as we would use it again. */
    private static final int KEEP_ALIVE_SECONDS = 4;

    private static final int HEAD_LIMIT = 64 << 10;

    private final HttpClient requests;
    private final HttpClient streams;

    public OriginClients(Vertx vertx) {
        requests = client(vertx);
        streams = client(vertx);
    }

    HttpClient of(Lane lane) {
        return lane == Lane.STREAMS ? streams : requests;
    }

    public Future<Void> close() {
        return Future.join(requests.close(), streams.close()).mapEmpty();
    }

    private static HttpClient client(Vertx vertx) {
        HttpClientOptions options = new HttpClientOptions()
                .setConnectTimeout((int) Allowance.LONGEST_CONNECT.toMillis())
                .setKeepAliveTimeout(KEEP_ALIVE_SECONDS)
                .setTcpKeepAlive(true)
                .setMaxHeaderSize(HEAD_LIMIT);
        return vertx.httpClientBuilder()
                .with(options)
                .with(new PoolOptions().setHttp1MaxSize(Allowance.MOST_CONNECTIONS))
                .withConnectHandler(connection -> {
                    connection.exceptionHandler(Failures::ignore);
                    Supplement.install(connection);
                })
                .build();
    }
}
