package io.tidegate.edge.client;

import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.HostAndPort;
import io.vertx.core.net.SocketAddress;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The proxies in front of the gateway that are trusted to report the address of a client. Each proxy appends the
 * address of its peer to {@code X-Forwarded-For} or {@code Forwarded}
 * (<a href="https://www.rfc-editor.org/rfc/rfc7239">RFC 7239</a>), and earlier entries may be forged, so the client is
 * the last address that does not belong to a trusted proxy.
 *
 * @param unix whether all peers on Unix sockets are trusted proxies
 * @param fields the names of further fields that only these proxies may send, for example fields that identify the user
 * @param basePath the path under which clients reach the gateway if no proxy specifies another one, without a trailing
 *     slash
 */
public record TrustedProxies(List<Network> networks, boolean unix, Set<String> fields, String basePath) {

    /** An instance without trusted proxies. */
    public static final TrustedProxies NONE = new TrustedProxies(List.of(), false, Set.of(), "");

    private static final String UNIX = "unix";
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9!#$%&'*+.^`|~-]+");
    private static final Set<String> NOT_CONFIGURABLE = names(List.of(
            "Forwarded",
            "X-Forwarded-For",
            "X-Forwarded-Host",
            "X-Forwarded-Proto",
            "Connection",
            "Content-Length",
            "Cookie",
            "Expect",
            "Host",
            "Keep-Alive",
            "Proxy-Authorization",
            "Proxy-Connection",
            "TE",
            "Trailer",
            "Transfer-Encoding",
            "Upgrade",
            "Via"));
    private static final String PREFIX = "X-Forwarded-Prefix";
    private static final Pattern PREFIX_FORM = Pattern.compile("(/(?!\\.{1,2}(/|$))[A-Za-z0-9._~!$&'()*+,=:@-]+)+/?");

    public TrustedProxies {
        networks = List.copyOf(networks);
        fields = names(fields);
    }

    private static Set<String> names(Iterable<String> given) {
        Set<String> names = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
        given.forEach(names::add);
        return Collections.unmodifiableSet(names);
    }

    /**
     * Returns a copy with the names of the fields that only these proxies may send.
     *
     * @throws IllegalArgumentException with a message that begins with the index of the invalid item,
     *     {@code [1] must be}
     */
    public TrustedProxies withFields(List<String> names) {
        for (int i = 0; i < names.size(); i++) {
            if (!NAME.matcher(names.get(i)).matches()) {
                throw new IllegalArgumentException("[" + i + "] must be a field name without underscores");
            }
            if (NOT_CONFIGURABLE.contains(names.get(i))) {
                throw new IllegalArgumentException("[" + i + "] must not be a field that the gateway writes itself");
            }
        }
        return new TrustedProxies(networks, unix, names(names), basePath);
    }

    /** Returns a copy with the path under which clients reach the gateway if no proxy specifies another one. */
    public TrustedProxies withBasePath(String path) {
        return new TrustedProxies(networks, unix, fields, withoutSlash(path));
    }

    /**
     * Parses networks such as {@code 10.0.0.0/8}, single addresses, or {@code unix} for all peers on a Unix socket.
     *
     * @throws IllegalArgumentException with a message that begins with the index of the invalid item,
     *     {@code [1] must be}
     */
    public static TrustedProxies parse(List<String> texts) {
        List<Network> networks = new ArrayList<>();
        for (int i = 0; i < texts.size(); i++) {
            try {
                if (!texts.get(i).equals(UNIX)) {
                    networks.add(Network.parse(texts.get(i)));
                }
            } catch (IllegalArgumentException malformed) {
                throw new IllegalArgumentException("[" + i + "] " + malformed.getMessage(), malformed);
            }
        }
        return new TrustedProxies(networks, texts.contains(UNIX), Set.of(), "");
    }

    /** Returns whether the peer of a connection is a trusted proxy. */
    public boolean trusts(@Nullable SocketAddress peer) {
        return peer != null && peer.isDomainSocket() ? unix : trusts(peer(peer).address());
    }

    /** Returns the address of a connection's peer; empty if the peer is a trusted proxy or has no address. */
    public Optional<ClientAddress> untrustedPeer(@Nullable SocketAddress peer) {
        ClientAddress address = peer(peer);
        return address.equals(ClientAddress.UNKNOWN) || trusts(peer) ? Optional.empty() : Optional.of(address);
    }

    /**
     * Returns whether an address belongs to a trusted proxy. A client has such an address if the proxy did not report
     * another one.
     */
    public boolean trusts(ClientAddress client) {
        return unix && client.equals(ClientAddress.LOCAL) || trusts(client.address());
    }

    private boolean trusts(InetAddress address) {
        for (Network network : networks) {
            if (network.contains(address)) {
                return true;
            }
        }
        return false;
    }

    /**
     * Returns whether only a trusted proxy may send the field. Underscores count as hyphens, because CGI-style servers
     * do not distinguish them.
     */
    public boolean restricts(String name) {
        return fields.contains(name.indexOf('_') < 0 ? name : name.replace('_', '-'));
    }

    /** Returns whether a restricted field of this request may be passed on, because a trusted proxy sent it. */
    public boolean passes(String name, HttpServerRequest request) {
        return fields.contains(name) && !name.equalsIgnoreCase(PREFIX) && trusts(request.remoteAddress());
    }

    /**
     * Returns the path under which the client reaches the gateway, without a trailing slash: the path specified by a
     * trusted proxy, or the configured path if the proxy sent no valid one.
     */
    public String mountPath(HttpServerRequest request) {
        List<String> given = request.headers().getAll(PREFIX);
        boolean stated = given.size() == 1
                && PREFIX_FORM.matcher(given.get(0)).matches()
                && fields.contains(PREFIX)
                && trusts(request.remoteAddress());
        return stated ? withoutSlash(given.get(0)) : basePath;
    }

    private static String withoutSlash(String path) {
        return path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
    }

    /** Returns the address of the client that sent a request. */
    public ClientAddress client(HttpServerRequest request) {
        return client(
                request.remoteAddress(),
                request.headers().getAll("X-Forwarded-For"),
                request.headers().getAll("Forwarded"));
    }

    /**
     * Returns the address of the client. A proxy that sets one of the two fields may pass on the other as received from
     * the client, so both are ignored if they disagree.
     */
    ClientAddress client(@Nullable SocketAddress from, List<String> forwardedFor, List<String> forwarded) {
        ClientAddress peer = peer(from);
        if (forwardedFor.isEmpty() && forwarded.isEmpty() || !trusts(from)) {
            return peer;
        }
        ClientAddress older = lastUntrusted(peer, Hops.ofForwardedFor(forwardedFor));
        ClientAddress newer = lastUntrusted(peer, Hops.ofForwarded(forwarded));
        if (forwarded.isEmpty() || older.equals(newer)) {
            return older;
        }
        return forwardedFor.isEmpty() ? newer : peer;
    }

    /**
     * Returns the host that the client used: the host in the request, unless a trusted proxy specifies another one
     * (<a href="https://www.rfc-editor.org/rfc/rfc7239#section-5.3">RFC 7239 5.3</a>). If {@code Forwarded} and the
     * older fields disagree, all are ignored.
     */
    public @Nullable HostAndPort host(HttpServerRequest request) {
        List<String> forwarded = request.headers().getAll("Forwarded");
        List<String> older = request.headers().getAll("X-Forwarded-Host");
        if (forwarded.isEmpty() && older.isEmpty() || !trusts(request.remoteAddress())) {
            return request.authority();
        }
        HostAndPort host = statedHost(request, forwarded, older)
                .map(text -> HostAndPort.parseAuthority(text, -1))
                .orElse(null);
        return host == null || host.host().isEmpty() ? request.authority() : host;
    }

    private Optional<String> statedHost(HttpServerRequest request, List<String> forwarded, List<String> older) {
        ClientAddress peer = peer(request.remoteAddress());
        List<Optional<InetAddress>> hops = Hops.ofForwarded(forwarded);
        List<String> addresses = request.headers().getAll("X-Forwarded-For");
        boolean disagree = !forwarded.isEmpty()
                && !addresses.isEmpty()
                && !lastUntrusted(peer, hops).equals(lastUntrusted(peer, Hops.ofForwardedFor(addresses)));
        if (disagree) {
            return Optional.empty();
        }
        int hop = clientHop(hops);
        Optional<String> newer =
                hop < hops.size() ? Hops.hostsOfForwarded(forwarded).get(hop) : Optional.empty();
        if (older.isEmpty()) {
            return newer;
        }
        // Each proxy overwrites this field or appends to it, so the last value was set by the nearest proxy.
        String last = older.get(older.size() - 1);
        String nearest = last.substring(last.lastIndexOf(',') + 1).strip();
        return newer.isEmpty() || newer.get().equalsIgnoreCase(nearest) ? Optional.of(nearest) : Optional.empty();
    }

    private ClientAddress lastUntrusted(ClientAddress peer, List<Optional<InetAddress>> hops) {
        int hop = clientHop(hops);
        return hop < hops.size() ? new ClientAddress(hops.get(hop).orElseThrow()) : peer;
    }

    /**
     * Returns the index of the hop that contains the client's address, or the number of hops if the client is the peer.
     * The peer must be a trusted proxy.
     */
    private int clientHop(List<Optional<InetAddress>> hops) {
        boolean proxy = true;
        int hop = hops.size();
        while (hop > 0 && proxy && hops.get(hop - 1).isPresent()) {
            hop--;
            proxy = trusts(hops.get(hop).orElseThrow());
        }
        return hop;
    }

    private static ClientAddress peer(@Nullable SocketAddress peer) {
        if (peer != null && peer.isDomainSocket()) {
            return ClientAddress.LOCAL;
        }
        return Optional.ofNullable(peer)
                .map(SocketAddress::hostAddress)
                .flatMap(ClientAddress::parse)
                .map(ClientAddress::new)
                .orElse(ClientAddress.UNKNOWN);
    }
}
