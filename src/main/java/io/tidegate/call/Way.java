package io.tidegate.call;

import io.tidegate.origin.Allowance;
import io.tidegate.origin.Lane;
import io.tidegate.origin.Origin;
import io.tidegate.origin.OriginListener;
import io.tidegate.origin.OriginListener.Outcome;
import io.tidegate.origin.Server;
import io.tidegate.origin.Servers;
import java.util.EnumMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Owned by one event loop. How this loop reaches one origin: its servers, and the places for requests to them. */
public final class Way {

    private static final Logger LOG = LoggerFactory.getLogger(Way.class);

    private final Servers servers;
    private final OriginClients clients;
    private final OriginListener listener;
    private final Map<Lane, Gate> gates = new EnumMap<>(Lane.class);

    public Way(Servers servers, OriginClients clients, OriginListener listener) {
        this.servers = servers;
        this.clients = clients;
        this.listener = listener;
        for (Lane lane : Lane.values()) {
            Allowance allowance = origin().allowance(lane);
            gates.put(lane, new Gate(allowance.connections(), allowance.waiting()));
        }
    }

    public Origin origin() {
        return servers.origin();
    }

    public Servers servers() {
        return servers;
    }

    OriginClients clients() {
        return clients;
    }

    @SuppressWarnings("NullAway") // there is one for each lane
    Gate gate(Lane lane) {
        return gates.get(lane);
    }

    void failed(Server server, Throwable failure) {
        LOG.debug("event=origin-failed prefix={} server={}", origin().prefix(), server.url(), failure);
        if (server.failed(origin().ejection())) {
            LOG.warn("event=origin-ejected prefix={} server={}", origin().prefix(), server.url());
            listener.ejected(origin().prefix());
        }
    }

    void retried() {
        listener.retried(origin().prefix());
    }

    void ended(Lane lane, Outcome outcome) {
        listener.ended(origin().prefix(), lane, outcome);
    }
}
