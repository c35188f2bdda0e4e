package io.tidegate.proxy;

import java.net.URI;
import java.util.Arrays;

/**
 * A service behind the gateway.
 *
 * @param prefix path it answers for, as whole segments: {@code /app} covers {@code /app} and {@code /app/x}
 * @param url scheme {@code http} or {@code https}, host and port; paths are passed on as they came
 */
public record Origin(String prefix, URI url) {

    public Origin {
        checkPrefix(prefix);
        checkUrl(url);
    }

    private static void checkPrefix(String prefix) {
        if (!prefix.startsWith("/")) {
            throw new IllegalArgumentException("prefix must begin with /");
        }
        if (prefix.length() > 1 && prefix.endsWith("/") || prefix.contains("//")) {
            throw new IllegalArgumentException("prefix must not have empty segments or end with /");
        }
        if (!prefix.chars().allMatch(c -> c > ' ' && c < 0x7f && "?#\\%".indexOf(c) < 0)) {
            throw new IllegalArgumentException("prefix must be a plain path, without a query, escapes or blanks");
        }
        if (Arrays.stream(prefix.split("/")).anyMatch(segment -> segment.equals(".") || segment.equals(".."))) {
            throw new IllegalArgumentException("prefix must not have the segments . or ..");
        }
    }

    private static void checkUrl(URI url) {
        if (!"http".equals(url.getScheme()) && !"https".equals(url.getScheme())) {
            throw new IllegalArgumentException("url must begin with http:// or https://");
        }
        if (url.getHost() == null || url.getPort() == 0 || url.getPort() > 65535) {
            throw new IllegalArgumentException("url must have a host, and a port of 1 to 65535 if any");
        }
        if (url.getRawUserInfo() != null) {
            throw new IllegalArgumentException("url must not hold a user or a password");
        }
        boolean path = !url.getRawPath().isEmpty() && !url.getRawPath().equals("/");
        if (path || url.getRawQuery() != null || url.getRawFragment() != null) {
            throw new IllegalArgumentException("url must end after the host or port; paths are passed on as they came");
        }
    }
}
