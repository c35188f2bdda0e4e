package io.tidegate.proxy.origin;

import io.netty.util.NetUtil;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.net.SocketAddress;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Resolves the host names of origins. The operating system's resolver is queried again after a few seconds, because
 * only it knows how long a name remains valid. If a connection to an address cannot be established, that address is
 * tried last for half a minute. Owned by one event loop.
 */
final class HostAddresses {

    /** Looks up all addresses of a host, in order of preference. May block until a name server responds. */
    interface Lookup {
        InetAddress[] all(String host) throws UnknownHostException;
    }

    private record Resolved(List<String> addresses, long at) {}

    private static final Logger LOG = LoggerFactory.getLogger(HostAddresses.class);

    private static final long FRESH_NANOS = TimeUnit.SECONDS.toNanos(5);
    private static final long DEMOTED_NANOS = TimeUnit.SECONDS.toNanos(30);
    private static final int LOOKUP_THREADS = 2;

    private final WorkerExecutor workers;
    private final Lookup lookup;
    private final LongSupplier nanoTime;
    private final Map<String, Resolved> resolved = new HashMap<>();
    private final Map<String, Future<List<String>>> pending = new HashMap<>();
    /** The addresses to try last, and the time, as a {@link System#nanoTime} value, until which that applies. */
    private final Map<SocketAddress, Long> demoted = new HashMap<>();

    HostAddresses(Vertx vertx, Lookup lookup, LongSupplier nanoTime) {
        // All instances share these threads, so that a slow name server does not occupy the threads for other blocking
        // work.
        this.workers = vertx.createSharedWorkerExecutor("tidegate-resolver", LOOKUP_THREADS);
        this.lookup = lookup;
        this.nanoTime = nanoTime;
    }

    /** Returns the addresses of a host, at least one, in the order in which they must be tried. */
    Future<List<SocketAddress>> of(String host, int port) {
        if (NetUtil.isValidIpV4Address(host) || NetUtil.isValidIpV6Address(host)) {
            return Future.succeededFuture(List.of(socket(port, host)));
        }
        Resolved last = resolved.get(host);
        if (last != null && nanoTime.getAsLong() - last.at < FRESH_NANOS) {
            return Future.succeededFuture(inOrder(last.addresses, port));
        }
        Future<List<String>> running = pending.get(host);
        return (running == null ? resolve(host) : running).map(addresses -> inOrder(addresses, port));
    }

    private Future<List<String>> resolve(String host) {
        Future<List<String>> running = workers.executeBlocking(
                        () -> Arrays.stream(lookup.all(host))
                                .map(NetUtil::toAddressString)
                                .toList(),
                        false)
                .recover(failure -> keepLast(host, failure));
        pending.put(host, running);
        return running.onComplete(done -> pending.remove(host))
                .onSuccess(addresses -> resolved.put(host, new Resolved(addresses, nanoTime.getAsLong())));
    }

    /**
     * Returns the last known addresses, if there are any, because a temporary lookup failure must not interrupt a
     * reachable service.
     */
    private Future<List<String>> keepLast(String host, Throwable failure) {
        LOG.warn("event=origin-unresolved host={} reason=\"{}\"", host, failure.getMessage());
        Resolved last = resolved.get(host);
        return last == null ? Future.failedFuture(failure) : Future.succeededFuture(last.addresses);
    }

    private List<SocketAddress> inOrder(List<String> addresses, int port) {
        return addresses.stream()
                .map(address -> socket(port, address))
                .sorted(Comparator.comparing(this::isDemoted))
                .toList();
    }

    /** Returns a socket address. Vert.x expects IPv6 addresses to be in brackets, as in URLs. */
    private static SocketAddress socket(int port, String address) {
        return SocketAddress.inetSocketAddress(port, address.indexOf(':') < 0 ? address : '[' + address + ']');
    }

    private boolean isDemoted(SocketAddress address) {
        Long until = demoted.get(address);
        return until != null && until - nanoTime.getAsLong() > 0;
    }

    /**
     * Records that a connection to an address could not be established. Logs this unless the address has already failed
     * recently.
     */
    void failed(String host, SocketAddress address, Throwable reason) {
        demoted.keySet().removeIf(other -> !isDemoted(other));
        if (demoted.put(address, nanoTime.getAsLong() + DEMOTED_NANOS) == null) {
            LOG.warn(
                    "event=origin-address-failed host={} address={} reason=\"{}\"", host, address, reason.getMessage());
        }
    }
}
