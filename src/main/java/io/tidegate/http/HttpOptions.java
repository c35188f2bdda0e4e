package io.tidegate.http;

import io.tidegate.edge.client.TrustedProxies;
import io.tidegate.edge.connection.ConnectionLimits;
import io.tidegate.edge.tls.TlsOptions;
import java.util.List;

/**
 * Where clients reach the gateway.
 *
 * @param host address to listen on
 * @param port 0 picks a free one
 * @param eventLoops how many HTTP verticles, each with a loop of its own; 0 means one per processor
 * @param maxBody bytes a request body that we read ourselves may have
 * @param trustedProxies addresses and networks of the proxies before us, as {@link TrustedProxies#parse} reads them
 * @param cors which pages of elsewhere may read our answers
 * @param limits what one connection may send, and how long it may take
 * @param tls certificate and key; none for plain HTTP
 */
public record HttpOptions(
        String host,
        int port,
        int eventLoops,
        int maxBody,
        List<String> trustedProxies,
        CorsOptions cors,
        ConnectionLimits limits,
        TlsOptions tls) {

    public static final HttpOptions DEFAULTS = new HttpOptions(
            "127.0.0.1",
            8080,
            0,
            1 << 20,
            List.of("127.0.0.0/8", "::1"),
            CorsOptions.DEFAULTS,
            ConnectionLimits.DEFAULTS,
            TlsOptions.DEFAULTS);

    /** With the rest as by default. */
    public HttpOptions(String host, int port, int eventLoops, int maxBody, List<String> trustedProxies) {
        this(
                host,
                port,
                eventLoops,
                maxBody,
                trustedProxies,
                CorsOptions.DEFAULTS,
                ConnectionLimits.DEFAULTS,
                TlsOptions.DEFAULTS);
    }

    public HttpOptions {
        if (host.isBlank()) {
            throw new IllegalArgumentException("host must be an address or a name");
        }
        if (port < 0 || port > 65535) {
            throw new IllegalArgumentException("port must be 0 to 65535, not " + port);
        }
        if (eventLoops < 0 || eventLoops > 1024) {
            throw new IllegalArgumentException("event-loops must be 0 to 1024, not " + eventLoops);
        }
        if (maxBody <= 0) {
            throw new IllegalArgumentException("max-body must be greater than 0");
        }
        trustedProxies = List.copyOf(trustedProxies);
        try {
            TrustedProxies.parse(trustedProxies);
        } catch (IllegalArgumentException malformed) {
            throw new IllegalArgumentException("trusted-proxies" + malformed.getMessage(), malformed);
        }
    }
}
