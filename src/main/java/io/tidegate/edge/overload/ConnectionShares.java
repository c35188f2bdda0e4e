package io.tidegate.edge.overload;

import io.tidegate.meter.LogThrottle;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts the open connections from each address, so that no single address can take up all connections. Thread-safe.
 */
final class ConnectionShares {

    private static final Logger LOG = LoggerFactory.getLogger(ConnectionShares.class);

    private final Map<String, Integer> open = new ConcurrentHashMap<>();
    private final LogThrottle refusals;

    ConnectionShares(LongSupplier nanoTime) {
        this.refusals = new LogThrottle(nanoTime);
    }

    /**
     * Counts a connection from an address. {@link #release} must be called when the connection has closed, even if it
     * was refused.
     *
     * @return whether the address is within its share
     */
    boolean acquire(String address, int share) {
        if (open.merge(address, 1, Integer::sum) <= share) {
            return true;
        }
        long count = refusals.occurred();
        if (count > 0) {
            LOG.warn("event=connections-refused count={} share={} address={}", count, share, address);
        }
        return false;
    }

    void release(String address) {
        open.computeIfPresent(address, (key, count) -> count == 1 ? null : count - 1);
    }
}
