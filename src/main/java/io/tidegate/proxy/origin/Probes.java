package io.tidegate.proxy.origin;

import io.tidegate.event.loop.LoopVerticle;
import io.vertx.core.Future;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpMethod;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks the servers of origins whether they work, once for the whole node. Owned by one event loop. */
public final class Probes extends LoopVerticle {

    private static final Logger LOG = LoggerFactory.getLogger(Probes.class);

    private final Origins origins;
    private final List<Long> timers = new ArrayList<>();
    private @Nullable HttpClient client;

    public Probes(Origins origins) {
        this.origins = origins;
    }

    @Override
    public Future<?> start() {
        client = vertx.createHttpClient(new HttpClientOptions().setKeepAlive(false));
        begin();
        return Future.succeededFuture();
    }

    /** Goes by the origins as they are now. Safe from any thread once this is deployed. */
    public Future<Void> renew() {
        return loop().call(() -> {
            begin();
            return null;
        });
    }

    private void begin() {
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
        HttpClient open = client;
        if (open == null) {
            return;
        }
        Health health = origin.health();
        open.request(Origin.request(server.url())
                        .setMethod(HttpMethod.GET)
                        .setURI(health.path())
                        .setTimeout(health.timeout().toMillis()))
                .compose(Probes::ask)
                .timeout(health.timeout().toMillis(), java.util.concurrent.TimeUnit.MILLISECONDS)
                .onComplete(
                        status -> tell(origin, server, status >= 200 && status < 400),
                        failure -> tell(origin, server, false));
    }

    private static Future<Integer> ask(HttpClientRequest request) {
        request.exceptionHandler(Probes::ignore);
        // The body may be of any size and is of no interest: the connection ends with the head.
        return request.send()
                .map(answer -> answer.exceptionHandler(Probes::ignore).statusCode())
                .onComplete(known -> request.reset());
    }

    /** It is told by a future too; without a handler it would be logged as an error. */
    private static void ignore(Throwable failure) {
        LOG.trace("event=probe-failed", failure);
    }

    private static void tell(Origin origin, Server server, boolean passed) {
        if (server.probed(passed, origin.health())) {
            LOG.warn("event=origin-{} prefix={} server={}", passed ? "up" : "down", origin.prefix(), server.url());
        }
    }
}
