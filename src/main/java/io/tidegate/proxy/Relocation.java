package io.tidegate.proxy;

import io.tidegate.proxy.origin.Origin;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * What an origin says of its own paths, as its client has to ask for them: with the prefix that the origin never saw, and
 * without the address that the client cannot reach. What has the prefix already, as from a service that goes by
 * {@code X-Forwarded-Prefix}, and what leads elsewhere, stays.
 */
public final class Relocation {

    private static final List<CharSequence> LOCATIONS = List.of(HttpHeaders.LOCATION, HttpHeaders.CONTENT_LOCATION);
    private static final String PATH = "path=";
    /** <a href="https://www.rfc-editor.org/rfc/rfc3986#section-3.1">RFC 3986, 3.1</a>. */
    private static final Pattern ABSOLUTE = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]*://");

    private Relocation() {}

    /** Changes the head of an answer of this origin, if that is wanted. */
    public static void apply(Origin origin, HttpServerRequest request, MultiMap headers) {
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

    /** @param client what the client calls the host */
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

    /** A cookie whose name says that it is for the whole host would be refused with any other path. */
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

    /** Scheme, host and port, the usual port left out. */
    private static String address(String url) {
        String lower = url.toLowerCase(Locale.ROOT);
        String bare = lower.endsWith("/") ? lower.substring(0, lower.length() - 1) : lower;
        String usual = bare.startsWith("https:") ? ":443" : ":80";
        return bare.endsWith(usual) ? bare.substring(0, bare.length() - usual.length()) : bare;
    }
}
