package io.tidegate.proxy.origin;

import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.SocketAddress;
import java.net.URI;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A service behind the gateway.
 *
 * @param prefix path it answers for, as whole segments: {@code /app} covers {@code /app} and {@code /app/x}, not
 *     {@code /apple}; {@code /} covers everything; a slash at the end makes no difference
 * @param url its server: scheme {@code http} or {@code https}, host and port
 * @param replicas further servers that answer the same, in the same form
 * @param stripPrefix whether the path is passed on without the prefix, which is told as {@code X-Forwarded-Prefix}
 * @param relocate whether redirects and cookies of the origin are told with the prefix and the host of the client
 * @param host what the origin sees as {@code Host}
 * @param balance how a server is chosen
 * @param retries on how many other servers a request is tried when no connection came about
 * @param requests what is answered and over
 * @param streams what stays open: event streams and WebSockets
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
        Ejection ejection) {

    /** What the origin sees as {@code Host}: what the client sent, or the name in its own URL. */
    public enum HostPolicy {
        PRESERVE,
        ORIGIN
    }

    /** Which server is next: the one after the last, or the one with the fewest requests on their way. */
    public enum Balance {
        ROUND_ROBIN,
        LEAST_REQUESTS
    }

    private static final Pattern PREFIX = Pattern.compile("/|(/(?!\\.{1,2}(/|$))[A-Za-z0-9._~!$&'()*+,=:@-]+)+/?");
    private static final int MOST_RETRIES = 10;

    /** An origin with one server and, but for its prefix, the defaults. */
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
                Ejection.DEFAULTS);
    }

    /** @throws IllegalArgumentException when a part is not of this form; the message names the part */
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
            throw new IllegalArgumentException("retries must be 0 to " + MOST_RETRIES);
        }
    }

    private static void checkServer(String name, URI url) {
        if (!"http".equals(url.getScheme()) && !"https".equals(url.getScheme())) {
            throw new IllegalArgumentException(name + " must begin with http:// or https://");
        }
        if (url.getHost() == null || url.getRawUserInfo() != null || url.getPort() == 0 || url.getPort() > 65_535) {
            throw new IllegalArgumentException(
                    name + " must have a host, a port of 1 to 65535 if any, and no user or password");
        }
        String rest = String.valueOf(url.getRawPath());
        if (!rest.isEmpty() && !rest.equals("/") || url.getRawQuery() != null || url.getRawFragment() != null) {
            throw new IllegalArgumentException(
                    name + " must end after the host or port; paths are passed on as they came");
        }
    }

    public boolean covers(String path) {
        return prefix.equals("/")
                || path.startsWith(prefix) && (path.length() == prefix.length() || path.charAt(prefix.length()) == '/');
    }

    /** Whether the origin sees other paths than its clients. */
    public boolean strips() {
        return stripPrefix && !prefix.equals("/");
    }

    /** The request target as the origin gets it. */
    public String target(String uri) {
        if (!strips()) {
            return uri;
        }
        String rest = uri.substring(prefix.length());
        return rest.startsWith("/") ? rest : '/' + rest;
    }

    /** Its servers; each answers the same. */
    public List<URI> servers() {
        return Stream.concat(Stream.of(url), replicas.stream()).toList();
    }

    public OriginLimits allowance(TrafficClass lane) {
        return lane == TrafficClass.STREAMS ? streams : requests;
    }

    /** Where to connect to, and the name that the certificate of an {@code https} server must carry. */
    public static RequestOptions request(URI server) {
        boolean tls = server.getScheme().equals("https");
        int port = server.getPort() > 0 ? server.getPort() : tls ? 443 : 80;
        String address = server.getHost().startsWith("[")
                ? server.getHost().substring(1, server.getHost().length() - 1)
                : server.getHost();
        return new RequestOptions()
                .setServer(SocketAddress.inetSocketAddress(port, address))
                .setHost(server.getHost())
                .setPort(port)
                .setSsl(tls);
    }
}
