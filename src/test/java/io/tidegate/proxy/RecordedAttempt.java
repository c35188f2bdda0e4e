package io.tidegate.proxy;

import io.tidegate.proxy.origin.ClientKey;
import io.tidegate.proxy.origin.TrafficClass;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientRequest;
import java.net.ConnectException;
import java.util.ArrayList;
import java.util.List;

/** Records the callbacks of one {@link ConnectAttempt} in the order in which they were called. */
final class RecordedAttempt {

    static final ClientKey CLIENT = new ClientKey("192.0.2.1", false);

    final List<String> calls = new ArrayList<>();
    final Promise<Void> done = Promise.promise();
    final ConnectAttempt attempt;

    RecordedAttempt(Vertx vertx, OriginPool pool) {
        this(vertx, pool, TrafficClass.REQUESTS);
    }

    RecordedAttempt(Vertx vertx, OriginPool pool, TrafficClass lane) {
        attempt = new ConnectAttempt(vertx, pool, lane, CLIENT, this::opened, this::failed);
        attempt.open();
    }

    private void opened(HttpClientRequest request) {
        request.exceptionHandler(OriginFailures::ignore);
        calls.add("opened");
        done.tryComplete();
    }

    private void failed(Throwable failure) {
        boolean refused = failure instanceof ConnectException;
        calls.add(refused ? "ConnectException" : failure.getClass().getSimpleName());
        done.tryComplete();
    }
}
