package io.tidegate.proxy;

import io.tidegate.proxy.origin.Origin;
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
 * Owned by one event loop. One request's way to a server: a place among those that may be on their way, a server, a
 * connection to it; and to another server when none came about, since then nothing of the request was sent.
 */
final class ConnectAttempt {

    private final Vertx vertx;
    private final OriginPool way;
    private final TrafficClass lane;
    private final OriginLimits allowance;
    private final Consumer<HttpClientRequest> opened;
    private final Consumer<Throwable> failed;
    private final Runnable entered = this::enter;
    private final List<Server> tried = new ArrayList<>(1);
    private @Nullable Server server;
    private long timer = -1;
    private boolean inside;
    private boolean over;

    /**
     * Neither is called after {@link #end}.
     *
     * @param opened gets the request, of which nothing was written yet
     * @param failed gets why there is none
     */
    ConnectAttempt(
            Vertx vertx,
            OriginPool way,
            TrafficClass lane,
            Consumer<HttpClientRequest> opened,
            Consumer<Throwable> failed) {
        this.vertx = vertx;
        this.way = way;
        this.lane = lane;
        this.allowance = way.origin().allowance(lane);
        this.opened = opened;
        this.failed = failed;
    }

    void open() {
        Bulkhead gate = way.gate(lane);
        if (gate.enter()) {
            enter();
        } else if (gate.queue(entered)) {
            timer = vertx.setTimer(allowance.connect().toMillis(), late -> {
                gate.withdraw(entered);
                failed.accept(new BusyException());
            });
        } else {
            failed.accept(new BusyException());
        }
    }

    /** Where the connection leads. Only for whoever has one. */
    URI server() {
        return Optional.ofNullable(server).map(Server::url).orElseThrow();
    }

    /** The server has answered, or agreed to a WebSocket: whatever comes now, it works. */
    void answered() {
        if (server != null) {
            server.answered();
        }
    }

    /** It did not answer, and that is its own fault. */
    void unanswered(Throwable failure) {
        if (server != null) {
            way.failed(server, failure);
        }
    }

    /** Gives the place back; the rest is to be ended by whoever has the request. Only the first time counts. */
    void end(OriginOutcome outcome) {
        if (over) {
            return;
        }
        over = true;
        way.ended(lane, outcome);
        leaveServer();
        if (inside) {
            way.gate(lane).leave();
        } else {
            vertx.cancelTimer(timer);
            way.gate(lane).withdraw(entered);
        }
    }

    private void enter() {
        inside = true;
        vertx.cancelTimer(timer);
        connect(way.servers().choose(tried));
    }

    private void connect(Optional<Server> choice) {
        Server next = choice.orElseThrow();
        server = next;
        next.began(lane);
        way.clients()
                .of(lane)
                .request(Origin.request(next.url())
                        .setConnectTimeout(allowance.connect().toMillis()))
                .onComplete(this::connected, this::refused);
    }

    private void connected(HttpClientRequest request) {
        if (over) {
            request.reset();
        } else {
            opened.accept(request);
        }
    }

    private void refused(Throwable failure) {
        Server refusing = server;
        if (over || refusing == null) {
            return;
        }
        way.failed(refusing, failure);
        leaveServer();
        tried.add(refusing);
        Optional<Server> another = tried.size() > way.origin().retries()
                ? Optional.empty()
                : way.servers().choose(tried);
        if (another.isPresent()) {
            way.retried();
            connect(another);
        } else {
            failed.accept(failure);
        }
    }

    private void leaveServer() {
        if (server != null) {
            server.ended(lane);
            server = null;
        }
    }
}
