package io.tidegate.proxy;

import io.tidegate.proxy.origin.Origin;
import io.tidegate.proxy.origin.OriginLimits;
import io.tidegate.proxy.origin.OriginOutcome;
import io.tidegate.proxy.origin.Server;
import io.tidegate.proxy.origin.Servers;
import io.tidegate.proxy.origin.TrafficClass;
import java.util.EnumMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Owned by one event loop. How this loop reaches one origin: its servers, and the places for requests to them. */
public final class OriginPool {

    private static final Logger LOG = LoggerFactory.getLogger(OriginPool.class);

    private final Servers servers;
    private final OriginClients clients;
    private final Map<TrafficClass, Bulkhead> gates = new EnumMap<>(TrafficClass.class);

    public OriginPool(Servers servers, OriginClients clients) {
        this.servers = servers;
        this.clients = clients;
        for (TrafficClass lane : TrafficClass.values()) {
            OriginLimits allowance = origin().allowance(lane);
            gates.put(lane, new Bulkhead(allowance.connections(), allowance.waiting()));
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
    Bulkhead gate(TrafficClass lane) {
        return gates.get(lane);
    }

    void failed(Server server, Throwable failure) {
        LOG.debug("event=origin-failed prefix={} server={}", origin().prefix(), server.url(), failure);
        if (server.failed(origin().ejection())) {
            LOG.warn("event=origin-ejected prefix={} server={}", origin().prefix(), server.url());
            servers.ejected();
        }
    }

    void retried() {
        servers.retried();
    }

    void ended(TrafficClass lane, OriginOutcome outcome) {
        servers.ended(lane, outcome);
    }
}
