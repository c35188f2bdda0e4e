package io.tidegate.proxy;

import io.tidegate.proxy.origin.ClientKey;
import io.tidegate.proxy.origin.OriginLimits;
import io.tidegate.proxy.origin.OriginOutcome;
import io.tidegate.proxy.origin.Server;
import io.tidegate.proxy.origin.TrafficClass;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientRequest;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Opens one request to an origin: acquires a permit, chooses a server and connects to it. If the connection cannot be
 * established, it tries another server, which is safe because no part of the request has been sent. Owned by one event
 * loop.
 */
final class ConnectAttempt {

    private final Vertx vertx;
    private final OriginPool pool;
    private final TrafficClass trafficClass;
    private final ClientKey client;
    private final OriginLimits limits;
    private final Consumer<HttpClientRequest> opened;
    private final Consumer<Throwable> failed;
    private final Runnable onPermit = this::connectWithPermit;
    private final List<Server> tried = new ArrayList<>(1);
    private @Nullable Server server;
    private long timer = -1;
    private boolean hasPermit;
    private boolean idleConnection;
    private boolean ended;

    /**
     * Creates an attempt. Neither callback is called after {@link #end}.
     *
     * @param opened the callback that receives the request before any part of it is written
     * @param failed the callback that receives the reason why the request could not be opened
     */
    ConnectAttempt(
            Vertx vertx,
            OriginPool pool,
            TrafficClass trafficClass,
            ClientKey client,
            Consumer<HttpClientRequest> opened,
            Consumer<Throwable> failed) {
        this.vertx = vertx;
        this.pool = pool;
        this.trafficClass = trafficClass;
        this.client = client;
        this.limits = pool.origin().limits(trafficClass);
        this.opened = opened;
        this.failed = failed;
    }

    void open() {
        Bulkhead bulkhead = pool.bulkhead(trafficClass);
        if (bulkhead.tryAcquire(client)) {
            connectWithPermit();
            return;
        }
        pool.full(trafficClass, client);
        if (bulkhead.enqueue(client, onPermit)) {
            timer = vertx.setTimer(limits.connect().toMillis(), late -> {
                bulkhead.withdraw(onPermit);
                failed.accept(new BusyException());
            });
        } else {
            failed.accept(new BusyException());
        }
    }

    /** Returns the URL of the connected server. Must be called only after the request has been opened. */
    URI server() {
        return Optional.ofNullable(server).map(Server::url).orElseThrow();
    }

    /** Returns whether the connection had already carried an earlier request. */
    boolean wasIdleConnection() {
        return idleConnection;
    }

    /** Opens the request again, with the same permit. */
    void again() {
        pool.retried();
        leaveServer();
        connect(pool.servers().choose(tried, client));
    }

    /**
     * Records that the server has responded or accepted a WebSocket, so that the server counts as healthy even if the
     * exchange fails later.
     */
    void responded() {
        if (server != null) {
            server.responded();
        }
    }

    /** Records that the request failed because of a fault of the server. */
    void noResponse(Throwable failure) {
        if (server != null) {
            pool.failed(server, failure);
        }
    }

    /** Releases the permit. Ending the request itself is up to its owner. Only the first call has an effect. */
    void end(OriginOutcome outcome) {
        if (ended) {
            return;
        }
        ended = true;
        pool.ended(trafficClass, outcome);
        leaveServer();
        if (hasPermit) {
            pool.bulkhead(trafficClass).release(client);
        } else {
            vertx.cancelTimer(timer);
            pool.bulkhead(trafficClass).withdraw(onPermit);
        }
    }

    private void connectWithPermit() {
        hasPermit = true;
        vertx.cancelTimer(timer);
        connect(pool.servers().choose(tried, client));
    }

    private void connect(Optional<Server> choice) {
        Server next = choice.orElseThrow();
        server = next;
        next.began(trafficClass);
        pool.clients()
                .open(trafficClass, pool.origin(), next.url(), limits.connect())
                .onComplete(this::connected, this::refused);
    }

    private void connected(HttpClientRequest request) {
        if (ended) {
            // Without a handler, the failure caused by the reset would be logged as an error.
            request.exceptionHandler(reset -> {}).reset();
        } else {
            idleConnection = !pool.clients().isFirstUse(request.connection());
            opened.accept(request);
        }
    }

    private void refused(Throwable failure) {
        Server refusing = server;
        if (ended || refusing == null) {
            return;
        }
        pool.failed(refusing, failure);
        leaveServer();
        tried.add(refusing);
        Optional<Server> another = tried.size() > pool.origin().retries()
                ? Optional.empty()
                : pool.servers().choose(tried, client);
        if (another.isPresent()) {
            pool.retried();
            connect(another);
        } else {
            failed.accept(failure);
        }
    }

    private void leaveServer() {
        if (server != null) {
            server.ended(trafficClass);
            server = null;
        }
    }
}
