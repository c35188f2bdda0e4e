package io.tidegate.proxy;

import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.SocketAddress;
import java.net.URI;
import java.util.regex.Pattern;

/**
 * A service behind the gateway.
 *
 * @param prefix path it answers for, as whole segments: {@code /app} covers {@code /app} and {@code /app/x}, not
 *     {@code /apple}; {@code /} covers everything; a slash at the end makes no difference
 * @param url scheme {@code http} or {@code https}, host and port; paths are passed on as they came
 */
public record Origin(String prefix, URI url) {

    private static final Pattern PREFIX = Pattern.compile("/|(/(?!\\.{1,2}(/|$))[A-Za-z0-9._~!$&'()*+,=:@-]+)+/?");

    /** @throws IllegalArgumentException when a part is not of this form; the message names the part */
    public Origin {
        if (!PREFIX.matcher(prefix).matches()) {
            throw new IllegalArgumentException(
                    "prefix must be a plain path such as /app, without escapes and dot segments");
        }
        prefix = prefix.length() > 1 && prefix.endsWith("/") ? prefix.substring(0, prefix.length() - 1) : prefix;
        if (!"http".equals(url.getScheme()) && !"https".equals(url.getScheme())) {
            throw new IllegalArgumentException("url must begin with http:// or https://");
        }
        if (url.getHost() == null || url.getRawUserInfo() != null || url.getPort() == 0 || url.getPort() > 65_535) {
            throw new IllegalArgumentException(
                    "url must have a host, a port of 1 to 65535 if any, and no user or password");
        }
        String rest = String.valueOf(url.getRawPath());
        if (!rest.isEmpty() && !rest.equals("/") || url.getRawQuery() != null || url.getRawFragment() != null) {
            throw new IllegalArgumentException("url must end after the host or port; paths are passed on as they came");
        }
    }

    boolean covers(String path) {
        return prefix.equals("/")
                || path.startsWith(prefix) && (path.length() == prefix.length() || path.charAt(prefix.length()) == '/');
    }

    /** Where to connect to, and the name that the certificate of an {@code https} origin must carry. */
    RequestOptions request() {
        boolean tls = url.getScheme().equals("https");
        int port = url.getPort() > 0 ? url.getPort() : tls ? 443 : 80;
        String address = url.getHost().startsWith("[")
                ? url.getHost().substring(1, url.getHost().length() - 1)
                : url.getHost();
        return new RequestOptions()
                .setServer(SocketAddress.inetSocketAddress(port, address))
                .setHost(url.getHost())
                .setPort(port)
                .setSsl(tls);
    }
}
