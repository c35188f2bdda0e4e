package io.tidegate.proxy;

import io.tidegate.proxy.origin.Origin;
import io.vertx.core.MultiMap;
import io.vertx.core.net.HostAndPort;
import java.net.URI;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Rewrites request fields that refer to another resource of the origin, so that they contain the URL by which the
 * origin knows the resource: {@code Destination} and the tags in {@code If}, which WebDAV uses
 * (<a href="https://www.rfc-editor.org/rfc/rfc4918#section-10.3">RFC 4918 10.3 and 10.4</a>). This is the reverse of
 * {@link Relocation}. URLs on other hosts or other origins are not changed.
 *
 * @param mountPath the path under which the client reaches the gateway, without a trailing slash
 * @param client the host that the client used
 * @param host the host in the request that the origin receives
 */
record TargetFields(Origin origin, URI server, String mountPath, @Nullable HostAndPort client, String host) {

    private static final String DESTINATION = "Destination";
    private static final String IF = "If";
    private static final Pattern ABSOLUTE = Pattern.compile("(https?)://([^/?#]*)(/.*)", Pattern.CASE_INSENSITIVE);
    private static final Pattern TAG = Pattern.compile("<([^<>]*)>");

    void rewrite(MultiMap headers) {
        String destination = headers.get(DESTINATION);
        if (destination != null) {
            headers.set(DESTINATION, target(destination));
        }
        String condition = headers.get(IF);
        if (condition != null) {
            headers.set(
                    IF,
                    TAG.matcher(condition)
                            .replaceAll(tag -> Matcher.quoteReplacement('<' + target(tag.group(1)) + '>')));
        }
    }

    String target(String url) {
        if (url.startsWith("/")) {
            return path(url);
        }
        Matcher absolute = ABSOLUTE.matcher(url);
        if (!absolute.matches() || client == null) {
            return url;
        }
        String scheme = absolute.group(1).toLowerCase(Locale.ROOT);
        boolean own = bare(scheme, absolute.group(2)).equals(bare(scheme, client.toString()))
                && covers(withoutMountPath(absolute.group(3)));
        return own ? Origin.ownUrl(server).getScheme() + "://" + host + path(absolute.group(3)) : url;
    }

    private String path(String path) {
        String received = withoutMountPath(path);
        return covers(received) ? origin.target(received) : path;
    }

    private boolean covers(String received) {
        return origin.covers(received.split("[?#]", 2)[0]);
    }

    private String withoutMountPath(String path) {
        return path.startsWith(mountPath + '/') ? path.substring(mountPath.length()) : path;
    }

    /** Returns an authority in lower case, without the default port. */
    private static String bare(String scheme, String authority) {
        String lower = authority.toLowerCase(Locale.ROOT);
        String port = scheme.equals("https") ? ":443" : ":80";
        return lower.endsWith(port) ? lower.substring(0, lower.length() - port.length()) : lower;
    }
}
