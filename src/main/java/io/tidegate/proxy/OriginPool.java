package io.tidegate.proxy;

import io.tidegate.edge.client.ClientAddress;
import io.tidegate.edge.client.TrustedProxies;
import io.tidegate.proxy.origin.ClientKey;
import io.tidegate.proxy.origin.Origin;
import io.tidegate.proxy.origin.OriginOutcome;
import io.tidegate.proxy.origin.Server;
import io.tidegate.proxy.origin.Servers;
import io.tidegate.proxy.origin.TrafficClass;
import io.vertx.core.http.HttpServerRequest;
import java.util.EnumMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The servers of one origin as used by one event loop, with a bulkhead for each traffic class. Owned by that event
 * loop.
 */
final class OriginPool {

    private static final Logger LOG = LoggerFactory.getLogger(OriginPool.class);

    private final Servers servers;
    private final OriginClients clients;
    private TrustedProxies trusted = TrustedProxies.NONE;
    private final Map<TrafficClass, Bulkhead> bulkheads = new EnumMap<>(TrafficClass.class);

    OriginPool(Servers servers, OriginClients clients) {
        this.servers = servers;
        this.clients = clients;
        for (TrafficClass trafficClass : TrafficClass.values()) {
            bulkheads.put(
                    trafficClass,
                    new Bulkhead(
                            servers.permits(trafficClass),
                            origin().limits(trafficClass).waiting(),
                            servers.waiting(trafficClass)));
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

    @SuppressWarnings("NullAway") // there is a bulkhead for each traffic class
    Bulkhead bulkhead(TrafficClass trafficClass) {
        return bulkheads.get(trafficClass);
    }

    /** Sets the proxies that are trusted to report the addresses of their clients, and returns this pool. */
    OriginPool trusting(TrustedProxies changed) {
        trusted = changed;
        return this;
    }

    ClientKey client(HttpServerRequest request) {
        ClientAddress address = trusted.client(request);
        return new ClientKey(address.site(), trusted.trusts(address), ServerCookie.read(request, origin()));
    }

    /** Logs, at most once a minute, that no permit was available for a request. */
    void full(TrafficClass trafficClass, ClientKey client) {
        long count = servers.full(trafficClass);
        if (count > 0) {
            Bulkhead bulkhead = bulkhead(trafficClass);
            LOG.warn(
                    "event=origin-full prefix={} lane={} count={} permits={} in-use={} client={} client-in-use={}",
                    origin().prefix(),
                    trafficClass.text(),
                    count,
                    servers.permits(trafficClass),
                    bulkhead.inUse(),
                    client.address(),
                    bulkhead.inUse(client));
        }
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
