package io.tidegate.proxy;

import io.tidegate.proxy.origin.Origin;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Rewrites the locations and cookie paths of an origin's responses to the form that its client has to request: with the
 * prefix that was stripped from the request, and without the origin's address, which the client cannot reach. Locations
 * that already have the prefix, as from a service that honours {@code X-Forwarded-Prefix}, and those that lead to other
 * hosts are not changed.
 */
final class Relocation {

    private static final List<CharSequence> LOCATIONS = List.of(HttpHeaders.LOCATION, HttpHeaders.CONTENT_LOCATION);
    private static final String PATH = "path=";
    /** <a href="https://www.rfc-editor.org/rfc/rfc3986#section-3.1">RFC 3986, 3.1</a>. */
    private static final Pattern ABSOLUTE = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]*://");

    private Relocation() {}

    /** Rewrites the head of a response of this origin, if {@link Origin#relocate} is enabled. */
    static void apply(Origin origin, HttpServerRequest request, MultiMap headers) {
        if (!origin.relocate()) {
            return;
        }
        for (CharSequence field : LOCATIONS) {
            String location = headers.get(field);
            if (location != null) {
                headers.set(field, location(location, origin, String.valueOf(request.authority())));
            }
        }
        if (origin.strips() && headers.contains(HttpHeaders.SET_COOKIE)) {
            headers.set(
                    HttpHeaders.SET_COOKIE.toString(),
                    headers.getAll(HttpHeaders.SET_COOKIE).stream()
                            .map(cookie -> cookie(cookie, origin))
                            .toList());
        }
    }

    /**
     * Returns the rewritten value of a location field.
     *
     * @param client the host as the client named it
     */
    static String location(String location, Origin origin, String client) {
        if (!ABSOLUTE.matcher(location).lookingAt()) {
            return path(location, origin);
        }
        int scheme = location.indexOf("://");
        int start = endOfAuthority(location, scheme + 3);
        String base = location.substring(0, start);
        String rest = location.substring(start);
        if (location.substring(scheme + 3, start).equalsIgnoreCase(client)) {
            return base + path(rest, origin);
        }
        boolean own = origin.servers().stream()
                .anyMatch(server -> address(server.toString()).equals(address(base)));
        return own ? path(rest.startsWith("/") ? rest : '/' + rest, origin) : location;
    }

    /**
     * Rewrites the path of a cookie, except for {@code __Host-} cookies: browsers reject those unless the path is /.
     */
    static String cookie(String cookie, Origin origin) {
        if (cookie.regionMatches(true, 0, "__Host-", 0, "__Host-".length())) {
            return cookie;
        }
        String[] parts = cookie.split(";", -1);
        for (int i = 1; i < parts.length; i++) {
            String part = parts[i].strip();
            if (part.regionMatches(true, 0, PATH, 0, PATH.length())) {
                String path = part.substring(PATH.length());
                parts[i] = ' '
                        + part.substring(0, PATH.length())
                        + (path.equals("/") ? origin.prefix() : path(path, origin));
            }
        }
        return String.join(";", parts);
    }

    private static String path(String path, Origin origin) {
        boolean plain = path.startsWith("/") && !path.startsWith("//") && !path.startsWith("/\\");
        return plain && origin.strips() && !origin.covers(path.split("[?#]", 2)[0]) ? origin.prefix() + path : path;
    }

    private static int endOfAuthority(String url, int from) {
        int end = from;
        while (end < url.length() && "/?#".indexOf(url.charAt(end)) < 0) {
            end++;
        }
        return end;
    }

    /** Returns scheme, host and port in lower case, without the default port. */
    private static String address(String url) {
        String lower = url.toLowerCase(Locale.ROOT);
        String bare = lower.endsWith("/") ? lower.substring(0, lower.length() - 1) : lower;
        String usual = bare.startsWith("https:") ? ":443" : ":80";
        return bare.endsWith(usual) ? bare.substring(0, bare.length() - usual.length()) : bare;
    }
}
