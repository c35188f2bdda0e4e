package io.tidegate.edge.client;

import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.SocketAddress;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The proxies in front of the gateway that are trusted to report the address of a client. Each proxy appends the
 * address of its peer to {@code X-Forwarded-For} or {@code Forwarded}
 * (<a href="https://www.rfc-editor.org/rfc/rfc7239">RFC 7239</a>), and the entries before it came from outside: so the
 * client is the last address that does not belong to a trusted proxy.
 */
public record TrustedProxies(List<Network> networks) {

    /** Trusts no proxy. */
    public static final TrustedProxies NONE = new TrustedProxies(List.of());

    public TrustedProxies {
        networks = List.copyOf(networks);
    }

    /**
     * Parses networks such as {@code 10.0.0.0/8}, or single addresses.
     *
     * @throws IllegalArgumentException with a message that begins with the index of the invalid item,
     *     {@code [1] must be}
     */
    public static TrustedProxies parse(List<String> texts) {
        List<Network> networks = new ArrayList<>();
        for (String text : texts) {
            try {
                networks.add(Network.parse(text));
            } catch (IllegalArgumentException malformed) {
                throw new IllegalArgumentException("[" + networks.size() + "] " + malformed.getMessage(), malformed);
            }
        }
        return new TrustedProxies(networks);
    }

    /** Returns whether the peer of a connection is a trusted proxy. */
    public boolean trusts(@Nullable SocketAddress peer) {
        return trusts(peer(peer).address());
    }

    private boolean trusts(InetAddress address) {
        for (Network network : networks) {
            if (network.contains(address)) {
                return true;
            }
        }
        return false;
    }

    /** Returns the address of the client that sent a request. */
    public ClientAddress client(HttpServerRequest request) {
        return client(
                peer(request.remoteAddress()),
                request.headers().getAll("X-Forwarded-For"),
                request.headers().getAll("Forwarded"));
    }

    /**
     * Returns the address of the client. A proxy that sets one of the two fields may pass the other as its client sent
     * it: if the two disagree, both are ignored.
     */
    ClientAddress client(ClientAddress peer, List<String> forwardedFor, List<String> forwarded) {
        if (forwardedFor.isEmpty() && forwarded.isEmpty() || !trusts(peer.address())) {
            return peer;
        }
        ClientAddress older = lastUntrusted(peer, Hops.ofForwardedFor(forwardedFor));
        ClientAddress newer = lastUntrusted(peer, Hops.ofForwarded(forwarded));
        if (forwarded.isEmpty() || older.equals(newer)) {
            return older;
        }
        return forwardedFor.isEmpty() ? newer : peer;
    }

    private ClientAddress lastUntrusted(ClientAddress peer, List<Optional<InetAddress>> hops) {
        InetAddress client = peer.address();
        for (int i = hops.size() - 1; i >= 0 && trusts(client) && hops.get(i).isPresent(); i--) {
            client = hops.get(i).get();
        }
        return new ClientAddress(client);
    }

    private static ClientAddress peer(@Nullable SocketAddress peer) {
        return Optional.ofNullable(peer)
                .map(SocketAddress::hostAddress)
                .flatMap(ClientAddress::parse)
                .map(ClientAddress::new)
                .orElse(ClientAddress.UNKNOWN);
    }
}
