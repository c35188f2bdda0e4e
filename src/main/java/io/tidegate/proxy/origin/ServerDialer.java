package io.tidegate.proxy.origin;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.ClientSSLOptions;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.core.net.SocketAddress;
import java.net.InetAddress;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Opens requests to a server. Tries the addresses of the server's host one after another until a connection is
 * established, which is safe because no part of the request has been sent. Owned by one event loop.
 */
public final class ServerDialer {

    private final HostAddresses addresses;
    private final Map<OriginTls, ClientSSLOptions> tlsOptions = new HashMap<>();

    public ServerDialer(Vertx vertx) {
        this(new HostAddresses(vertx, InetAddress::getAllByName, System::nanoTime));
    }

    ServerDialer(HostAddresses addresses) {
        this.addresses = addresses;
    }

    /**
     * Opens a request.
     *
     * @param origin the origin to which the server belongs
     * @param options further options for the request
     * @param connect the time limit for connecting, which is divided among the addresses
     */
    public Future<HttpClientRequest> open(
            HttpClient client, Origin origin, URI server, RequestOptions options, Duration connect) {
        if (Origin.isUnixSocket(server)) {
            options.setHost(Origin.ownUrl(server).getHost()).setPort(80).setSsl(false);
            options.setConnectTimeout(connect.toMillis());
            return open(client, "unix", options, List.of(SocketAddress.domainSocketAddress(server.getPath())));
        }
        boolean tls = server.getScheme().equals("https");
        int port = server.getPort() > 0 ? server.getPort() : tls ? 443 : 80;
        String host = server.getHost();
        String name = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
        // The server's certificate must match the host name, regardless of the address.
        options.setHost(host).setPort(port).setSsl(tls);
        if (tls && !origin.tls().equals(OriginTls.DEFAULTS)) {
            String certified = origin.tls().serverName();
            options.setHost(certified.isEmpty() ? host : certified)
                    .setSslOptions(tlsOptions.computeIfAbsent(origin.tls(), ServerDialer::options));
        }
        return addresses.of(name, port).compose(found -> {
            options.setConnectTimeout(Math.max(1, connect.toMillis() / found.size()));
            return open(client, name, options, found);
        });
    }

    private static ClientSSLOptions options(OriginTls tls) {
        ClientSSLOptions options = new ClientSSLOptions().setHostnameVerificationAlgorithm("HTTPS");
        if (!tls.caFile().isEmpty()) {
            options.setTrustOptions(new PemTrustOptions().addCertPath(tls.caFile()));
        }
        if (!tls.certificateFile().isEmpty()) {
            options.setKeyCertOptions(
                    new PemKeyCertOptions().addCertPath(tls.certificateFile()).addKeyPath(tls.keyFile()));
        }
        return options;
    }

    private Future<HttpClientRequest> open(
            HttpClient client, String host, RequestOptions options, List<SocketAddress> left) {
        SocketAddress address = left.get(0);
        return client.request(new RequestOptions(options).setServer(address)).recover(failure -> {
            addresses.failed(host, address, failure);
            return left.size() == 1
                    ? Future.failedFuture(failure)
                    : open(client, host, options, left.subList(1, left.size()));
        });
    }
}
