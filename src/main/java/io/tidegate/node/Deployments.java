package io.tidegate.node;

import io.vertx.core.Deployable;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** The deployments of a node, grouped by the order in which they are stopped. Thread-safe. */
final class Deployments {

    /** A group of verticles that are stopped together. */
    enum Rank {
        JOURNAL,
        KIND,
        HTTP,
        MANAGEMENT
    }

    private final Vertx vertx;
    private final Map<Rank, List<String>> ids = new EnumMap<>(Rank.class);

    Deployments(Vertx vertx) {
        this.vertx = vertx;
    }

    Future<Void> deploy(Rank rank, Deployable verticle) {
        return vertx.deployVerticle(verticle)
                .onSuccess(id -> remember(rank, id))
                .mapEmpty();
    }

    synchronized void remember(Rank rank, String id) {
        ids.computeIfAbsent(rank, any -> new ArrayList<>()).add(id);
    }

    /**
     * Undeploys all verticles of a rank. The future completes when all of them have ended, and fails if one of them
     * failed.
     */
    Future<Void> undeploy(Rank rank) {
        List<Future<Void>> ending = new ArrayList<>();
        synchronized (this) {
            List<String> gone = ids.remove(rank);
            if (gone != null) {
                gone.forEach(id -> ending.add(vertx.undeploy(id)));
            }
        }
        return Future.join(ending).mapEmpty();
    }
}
