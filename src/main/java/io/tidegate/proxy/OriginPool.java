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

/**
 * The servers of one origin as one event loop uses them, with a bulkhead for each traffic class. Owned by that loop.
 */
final class OriginPool {

    private static final Logger LOG = LoggerFactory.getLogger(OriginPool.class);

    private final Servers servers;
    private final OriginClients clients;
    private final Map<TrafficClass, Bulkhead> bulkheads = new EnumMap<>(TrafficClass.class);

    OriginPool(Servers servers, OriginClients clients) {
        this.servers = servers;
        this.clients = clients;
        for (TrafficClass trafficClass : TrafficClass.values()) {
            OriginLimits limits = origin().limits(trafficClass);
            bulkheads.put(trafficClass, new Bulkhead(limits.connections(), limits.waiting()));
        }
    }

    Origin origin() {
        return servers.origin();
    }

    Servers servers() {
        return servers;
    }

    OriginClients clients() {
        return clients;
    }

    @SuppressWarnings("NullAway") // there is one for each traffic class
    Bulkhead bulkhead(TrafficClass trafficClass) {
        return bulkheads.get(trafficClass);
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

    void ended(TrafficClass trafficClass, OriginOutcome outcome) {
        servers.ended(trafficClass, outcome);
    }
}
