package io.tidegate.proxy.origin;

import io.tidegate.proxy.origin.Origin.Balance;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;

/** The servers of one origin, for all event loops. Safe from any thread. */
public final class Servers {

    private final Origin origin;
    private final List<Server> all;
    private final AtomicInteger turn = new AtomicInteger();

    Servers(Origin origin, LongSupplier nanoTime) {
        this(
                origin,
                origin.servers().stream().map(url -> new Server(url, nanoTime)).toList());
    }

    private Servers(Origin origin, List<Server> all) {
        this.origin = origin;
        this.all = all;
    }

    /** The same servers, and what is known of them, for an origin whose other parts have changed. */
    Servers of(Origin changed) {
        return new Servers(changed, all);
    }

    public Origin origin() {
        return origin;
    }

    List<Server> all() {
        return all;
    }

    /**
     * The server for the next request. One that is ejected or down is better than none: what is known of it may be old,
     * and a refusal helps nobody.
     *
     * @param tried those that are out of the question
     */
    public Optional<Server> choose(Collection<Server> tried) {
        if (all.size() == 1) {
            return tried.isEmpty() ? Optional.of(all.get(0)) : Optional.empty();
        }
        int start = Math.floorMod(turn.getAndIncrement(), all.size());
        Server best = null;
        for (int i = 0; i < all.size(); i++) {
            Server next = all.get((start + i) % all.size());
            if (!tried.contains(next) && (best == null || better(next, best))) {
                best = next;
            }
        }
        return Optional.ofNullable(best);
    }

    private boolean better(Server one, Server other) {
        int byState = one.state().compareTo(other.state());
        return byState < 0
                || byState == 0 && origin.balance() == Balance.LEAST_REQUESTS && one.active() < other.active();
    }
}
