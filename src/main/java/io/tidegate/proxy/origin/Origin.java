package io.tidegate.proxy.origin;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A service behind the gateway.
 *
 * @param prefix the path prefix that the origin serves, in whole segments: {@code /app} covers {@code /app} and
 *     {@code /app/x}, but not {@code /apple}; {@code /} covers all paths; a trailing slash has no effect
 * @param url the server, given either by scheme ({@code http} or {@code https}), host and port, or by the path of a
 *     Unix socket, such as {@code unix:/run/app.sock}
 * @param replicas additional, equivalent servers, in the same form
 * @param stripPrefix whether the path is forwarded without the prefix, which is sent as {@code X-Forwarded-Prefix}
 * @param relocate whether redirects and cookies from the origin are rewritten to the prefix and host that the client
 *     uses
 * @param host the policy for the {@code Host} that the origin receives
 * @param balance the policy for choosing a server
 * @param retries the maximum number of other servers to try if a connection cannot be established
 * @param requests the limits for ordinary requests
 * @param streams the limits for connections that stay open: event streams and WebSockets
 * @param fields the rules for forwarding and changing header fields
 * @param tls the TLS options for {@code https} servers
 */
public record Origin(
        String prefix,
        URI url,
        List<URI> replicas,
        boolean stripPrefix,
        boolean relocate,
        HostPolicy host,
        Balance balance,
        int retries,
        OriginLimits requests,
        OriginLimits streams,
        Health health,
        Ejection ejection,
        OriginFields fields,
        OriginTls tls) {

    /**
     * The policy for the {@code Host} that the origin receives: the one that the client sent, or the one in the
     * origin's own URL.
     */
    public enum HostPolicy {
        PRESERVE,
        ORIGIN
    }

    /**
     * The policy for choosing a server: the next one in turn, the one with the fewest requests in progress, the one in
     * the client's cookie, or always the same one for the same address.
     */
    public enum Balance {
        ROUND_ROBIN,
        LEAST_REQUESTS,
        COOKIE,
        ADDRESS
    }

    private static final Pattern PREFIX = Pattern.compile("/|(/(?!\\.{1,2}(/|$))[A-Za-z0-9._~!$&'()*+,=:@-]+)+/?");
    private static final int MOST_RETRIES = 10;
    private static final String UNIX = "unix";
    private static final URI LOCALHOST = URI.create("http://localhost");
    /**
     * The maximum length of a Unix socket path in bytes (unix(7), {@code sun_path} without the terminating zero byte).
     */
    private static final int LONGEST_PATH = 107;

    /** Creates an origin with one server and default options. */
    public Origin(String prefix, URI url) {
        this(
                prefix,
                url,
                List.of(),
                false,
                true,
                HostPolicy.PRESERVE,
                Balance.ROUND_ROBIN,
                1,
                OriginLimits.REQUESTS,
                OriginLimits.STREAMS,
                Health.NONE,
                Ejection.DEFAULTS,
                OriginFields.DEFAULTS,
                OriginTls.DEFAULTS);
    }

    /**
     * Validates the components.
     *
     * @throws IllegalArgumentException if a component is invalid; the message begins with its name
     */
    public Origin {
        if (!PREFIX.matcher(prefix).matches()) {
            throw new IllegalArgumentException(
                    "prefix must be a plain path such as /app, without escapes and dot segments");
        }
        prefix = prefix.length() > 1 && prefix.endsWith("/") ? prefix.substring(0, prefix.length() - 1) : prefix;
        checkServer("url", url);
        replicas = List.copyOf(replicas);
        for (int i = 0; i < replicas.size(); i++) {
            checkServer("replicas[" + i + "]", replicas.get(i));
        }
        if (retries < 0 || retries > MOST_RETRIES) {
            throw new IllegalArgumentException("retries must be between 0 and " + MOST_RETRIES);
        }
    }

    private static void checkServer(String name, URI url) {
        if (isUnixSocket(url)) {
            checkUnixSocket(name, url);
            return;
        }
        if (!"http".equals(url.getScheme()) && !"https".equals(url.getScheme())) {
            throw new IllegalArgumentException(name + " must begin with http://, https:// or unix:/");
        }
        if (url.getHost() == null || url.getRawUserInfo() != null || url.getPort() == 0 || url.getPort() > 65_535) {
            throw new IllegalArgumentException(
                    name + " must have a host, no port outside 1 to 65535, and no user or password");
        }
        String rest = String.valueOf(url.getRawPath());
        if (!rest.isEmpty() && !rest.equals("/") || url.getRawQuery() != null || url.getRawFragment() != null) {
            throw new IllegalArgumentException(
                    name + " must end after the host or port; paths are forwarded as received");
        }
    }

    private static void checkUnixSocket(String name, URI url) {
        String path = url.getPath();
        boolean plain = path != null
                && path.startsWith("/")
                && !path.endsWith("/")
                && path.getBytes(StandardCharsets.UTF_8).length <= LONGEST_PATH
                && url.getRawAuthority() == null
                && url.getRawQuery() == null
                && url.getRawFragment() == null;
        if (!plain) {
            throw new IllegalArgumentException(
                    name + " must have an absolute path of at most " + LONGEST_PATH + " bytes after unix:");
        }
    }

    static boolean isUnixSocket(URI server) {
        return UNIX.equals(server.getScheme());
    }

    /**
     * Returns the URL by which a server refers to itself: the configured URL, or {@code http://localhost} for a Unix
     * socket.
     */
    public static URI ownUrl(URI server) {
        return isUnixSocket(server) ? LOCALHOST : server;
    }

    public boolean covers(String path) {
        return prefix.equals("/")
                || path.startsWith(prefix) && (path.length() == prefix.length() || path.charAt(prefix.length()) == '/');
    }

    /** Returns whether the origin receives paths without the prefix. */
    public boolean strips() {
        return stripPrefix && !prefix.equals("/");
    }

    /**
     * Returns the request target to send to the origin.
     *
     * @param uri the target as received, decoded with one character per byte
     * @return the target as a string whose UTF-8 encoding has the same bytes
     */
    public String target(String uri) {
        String bytes = uri.chars().allMatch(c -> c < 0x80)
                ? uri
                : new String(uri.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
        if (!strips()) {
            return bytes;
        }
        String rest = bytes.substring(prefix.length());
        return rest.startsWith("/") ? rest : '/' + rest;
    }

    /** Returns all servers of this origin, which are equivalent. */
    public List<URI> servers() {
        return Stream.concat(Stream.of(url), replicas.stream()).toList();
    }

    public OriginLimits limits(TrafficClass trafficClass) {
        return trafficClass == TrafficClass.STREAMS ? streams : requests;
    }

    /** Returns a copy of this origin with the given field rules. */
    public Origin withFields(OriginFields changed) {
        return new Origin(
                prefix,
                url,
                replicas,
                stripPrefix,
                relocate,
                host,
                balance,
                retries,
                requests,
                streams,
                health,
                ejection,
                changed,
                tls);
    }

    /** Returns a copy of this origin with the given TLS options. */
    public Origin withTls(OriginTls changed) {
        return new Origin(
                prefix,
                url,
                replicas,
                stripPrefix,
                relocate,
                host,
                balance,
                retries,
                requests,
                streams,
                health,
                ejection,
                fields,
                changed);
    }
}
