package io.tidegate.proxy;

import io.tidegate.proxy.OriginListener.Outcome;
import java.util.EnumMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Owned by one event loop. How this loop reaches one origin: its servers, and the places for requests to them. */
final class Way {

    private static final Logger LOG = LoggerFactory.getLogger(Way.class);

    private final Servers servers;
    private final OriginClients clients;
    private final OriginListener listener;
    private final Hold hold;
    private final Map<Lane, Gate> gates = new EnumMap<>(Lane.class);

    Way(Servers servers, OriginClients clients, OriginListener listener, Hold hold) {
        this.servers = servers;
        this.clients = clients;
        this.listener = listener;
        this.hold = hold;
        for (Lane lane : Lane.values()) {
            Allowance allowance = origin().allowance(lane);
            gates.put(lane, new Gate(allowance.connections(), allowance.waiting()));
        }
    }

    Origin origin() {
        return servers.origin();
    }

    Servers servers() {
        return servers;
    }

    Hold hold() {
        return hold;
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
