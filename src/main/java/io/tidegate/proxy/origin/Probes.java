package io.tidegate.proxy.origin;

import io.tidegate.event.loop.LoopVerticle;
import io.vertx.core.Future;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Probes the origins' servers on behalf of the whole node. Owned by one event loop. */
public final class Probes extends LoopVerticle {

    private static final Logger LOG = LoggerFactory.getLogger(Probes.class);

    private final Origins origins;
    private final List<Long> timers = new ArrayList<>();
    private @Nullable HttpClient client;
    private @Nullable ServerDialer dialer;

    public Probes(Origins origins) {
        this.origins = origins;
    }

    @Override
    public Future<?> start() {
        dialer = new ServerDialer(vertx);
        client = vertx.createHttpClient(new HttpClientOptions().setKeepAlive(false));
        schedule();
        return Future.succeededFuture();
    }

    /** Restarts the probes with the current origins. Thread-safe once the verticle is deployed. */
    public Future<Void> restart() {
        return loop().call(() -> {
            schedule();
            return null;
        });
    }

    private void schedule() {
        timers.forEach(vertx::cancelTimer);
        timers.clear();
        for (Servers servers : origins.current()) {
            Health health = servers.origin().health();
            if (health.path().isEmpty()) {
                continue;
            }
            for (Server server : servers.all()) {
                probe(servers.origin(), server);
                timers.add(vertx.setPeriodic(health.every().toMillis(), tick -> probe(servers.origin(), server)));
            }
        }
    }

    private void probe(Origin origin, Server server) {
        ServerDialer dialer = this.dialer;
        HttpClient open = client;
        if (dialer == null || open == null) {
            return;
        }
        Health health = origin.health();
        dialer.open(
                        open,
                        origin,
                        server.url(),
                        new RequestOptions()
                                .setMethod(HttpMethod.GET)
                                .setURI(health.path())
                                .setTimeout(health.timeout().toMillis()),
                        health.timeout())
                .compose(Probes::send)
                .timeout(health.timeout().toMillis(), TimeUnit.MILLISECONDS)
                .onComplete(
                        status -> record(origin, server, status >= 200 && status < 400),
                        failure -> record(origin, server, false));
    }

    private static Future<Integer> send(HttpClientRequest request) {
        request.exceptionHandler(Probes::ignore);
        // The request is reset after the response head, because the body is not needed and may be of any size.
        return request.send()
                .map(response -> response.exceptionHandler(Probes::ignore).statusCode())
                .onComplete(status -> request.reset());
    }

    /** Ignores an exception that is also reported by a future; without a handler, Vert.x would log it as an error. */
    private static void ignore(Throwable failure) {
        LOG.trace("event=probe-failed", failure);
    }

    private static void record(Origin origin, Server server, boolean passed) {
        if (server.probed(passed, origin.health())) {
            LOG.warn("event=origin-{} prefix={} server={}", passed ? "up" : "down", origin.prefix(), server.url());
        }
    }
}
