package io.tidegate.http;

import io.tidegate.edge.client.TrustedProxies;
import io.tidegate.edge.connection.ConnectionLimits;
import io.tidegate.edge.tls.TlsOptions;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Configures the HTTP server for clients.
 *
 * @param host the address to listen on, or the path of a Unix socket, {@code unix:/run/tidegate.sock}
 * @param port the port to listen on; 0 stands for any free port; has no effect on a Unix socket
 * @param socketMode the permissions of the Unix socket, as an octal number
 * @param eventLoops the number of HTTP verticles, each with its own event loop; 0 stands for one per processor
 * @param maxBody the maximum size of a request body that the gateway itself reads, in bytes
 * @param trustedProxies the addresses and networks of the proxies in front of the gateway, in the form that
 *     {@link TrustedProxies#parse} accepts
 * @param trustedFields the names of the header fields that are forwarded to origins only if a trusted proxy sent them
 * @param basePath the path under which a proxy in front of the gateway serves it; used unless the proxy sends
 *     {@code X-Forwarded-Prefix}
 * @param apiPath the path of the API at the root, such as {@code /api}
 * @param cors the cross-origin pages that may read the gateway's responses
 * @param limits the limits per connection
 * @param tls the certificate and the key; without them, the server uses plain HTTP
 * @param proxyProtocol whether every connection must come from a trusted proxy and begin with the PROXY protocol,
 *     version 1 or 2
 */
public record HttpOptions(
        String host,
        int port,
        String socketMode,
        int eventLoops,
        int maxBody,
        List<String> trustedProxies,
        List<String> trustedFields,
        String basePath,
        String apiPath,
        CorsOptions cors,
        ConnectionLimits limits,
        TlsOptions tls,
        boolean proxyProtocol) {

    private static final Pattern BASE_PATH = Pattern.compile("/|(/(?!\\.{1,2}(/|$))[A-Za-z0-9._~-]+)+/?");

    private static final String SOCKET_MODE = "0660";

    private static final List<String> TRUSTED_FIELDS = List.of(
            "X-Forwarded-Prefix",
            "X-Forwarded-Port",
            "X-Forwarded-Ssl",
            "X-Forwarded-User",
            "X-Forwarded-Preferred-Username",
            "X-Forwarded-Email",
            "X-Forwarded-Groups",
            "X-Forwarded-Access-Token",
            "X-Auth-Request-User",
            "X-Auth-Request-Preferred-Username",
            "X-Auth-Request-Email",
            "X-Auth-Request-Groups",
            "X-Auth-Request-Access-Token",
            "Remote-User",
            "Remote-Name",
            "Remote-Email",
            "Remote-Groups",
            "X-Remote-User",
            "X-Remote-Group",
            "X-Real-IP",
            "Client-Cert",
            "Client-Cert-Chain",
            "X-Forwarded-Client-Cert",
            "X-Forwarded-Tls-Client-Cert",
            "X-Client-Cert",
            "X-Client-Verify",
            "X-Client-DN",
            "X-SSL-Client-Cert",
            "X-SSL-Client-Verify",
            "X-SSL-Client-S-DN");

    public static final HttpOptions DEFAULTS = new HttpOptions(
            "127.0.0.1",
            8080,
            0,
            1 << 20,
            List.of("127.0.0.0/8", "::1"),
            TRUSTED_FIELDS,
            CorsOptions.DEFAULTS,
            ConnectionLimits.DEFAULTS,
            TlsOptions.DEFAULTS);

    /** Creates options with default values for all other components. */
    public HttpOptions(String host, int port, int eventLoops, int maxBody, List<String> trustedProxies) {
        this(
                host,
                port,
                eventLoops,
                maxBody,
                trustedProxies,
                TRUSTED_FIELDS,
                CorsOptions.DEFAULTS,
                ConnectionLimits.DEFAULTS,
                TlsOptions.DEFAULTS);
    }

    /** Creates options with the default API path, without a base path and without the PROXY protocol. */
    public HttpOptions(
            String host,
            int port,
            int eventLoops,
            int maxBody,
            List<String> trustedProxies,
            List<String> trustedFields,
            CorsOptions cors,
            ConnectionLimits limits,
            TlsOptions tls) {
        this(
                host,
                port,
                SOCKET_MODE,
                eventLoops,
                maxBody,
                trustedProxies,
                trustedFields,
                "/",
                "/api",
                cors,
                limits,
                tls,
                false);
    }

    public HttpOptions {
        if (host.isBlank()) {
            throw new IllegalArgumentException("host must be an address or a name");
        }
        UnixSocket.check(host, socketMode);
        if (port < 0 || port > 65535) {
            throw new IllegalArgumentException("port must be between 0 and 65535, not " + port);
        }
        if (eventLoops < 0 || eventLoops > 1024) {
            throw new IllegalArgumentException("event-loops must be between 0 and 1024, not " + eventLoops);
        }
        if (maxBody <= 0) {
            throw new IllegalArgumentException("max-body must be greater than 0");
        }
        if (!BASE_PATH.matcher(basePath).matches()) {
            throw new IllegalArgumentException("base-path must be a plain path such as /live, without escapes");
        }
        if (apiPath.equals("/") || !BASE_PATH.matcher(apiPath).matches()) {
            throw new IllegalArgumentException("api-path must be a plain path such as /api, without escapes");
        }
        trustedProxies = List.copyOf(trustedProxies);
        trustedFields = List.copyOf(trustedFields);
        try {
            TrustedProxies.parse(trustedProxies);
        } catch (IllegalArgumentException malformed) {
            throw new IllegalArgumentException("trusted-proxies" + malformed.getMessage(), malformed);
        }
        try {
            TrustedProxies.NONE.withFields(trustedFields);
        } catch (IllegalArgumentException malformed) {
            throw new IllegalArgumentException("trusted-fields" + malformed.getMessage(), malformed);
        }
    }

    /** Returns the Unix socket to listen on; empty for an address and port. */
    public Optional<UnixSocket> socket() {
        return UnixSocket.of(host, socketMode);
    }

    /**
     * Returns the proxies in front of the gateway, with the header fields that only they may send and with the base
     * path.
     */
    public TrustedProxies proxies() {
        return TrustedProxies.parse(trustedProxies).withFields(trustedFields).withBasePath(basePath);
    }
}
