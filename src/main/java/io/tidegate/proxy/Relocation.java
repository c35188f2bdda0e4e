package io.tidegate.proxy;

import io.tidegate.proxy.origin.Origin;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Rewrites the locations, links and cookies of an origin's responses to the form that its client must use: with the
 * prefix that was stripped from the request, and without the origin's address, which the client cannot reach. Locations
 * that already have the prefix, for example from a service that honours {@code X-Forwarded-Prefix}, and those that lead
 * to other hosts are not changed.
 */
final class Relocation {

    private static final List<CharSequence> LOCATIONS = List.of(HttpHeaders.LOCATION, HttpHeaders.CONTENT_LOCATION);
    private static final String REFRESH = "Refresh";
    private static final String LINK = "Link";
    private static final String PATH = "path=";
    private static final String DOMAIN = "domain=";
    private static final Pattern REFRESH_FORM =
            Pattern.compile("([^;,]*[;,]\\s*(?:url\\s*=\\s*)?['\"]?)([^'\"]*)(.*)", Pattern.CASE_INSENSITIVE);
    private static final Pattern LINK_TARGET = Pattern.compile("<([^<>]*)>");
    /**
     * The beginning of an absolute URL (<a href="https://www.rfc-editor.org/rfc/rfc3986#section-3.1">RFC 3986 3.1</a>).
     */
    private static final Pattern ABSOLUTE = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]*://");

    private Relocation() {}

    /** Rewrites the head of a response of this origin, if {@link Origin#relocate} is enabled. */
    static void apply(Origin origin, HttpServerRequest request, MultiMap headers) {
        if (!origin.relocate()) {
            return;
        }
        String client = String.valueOf(request.authority());
        for (CharSequence field : LOCATIONS) {
            String location = headers.get(field);
            if (location != null) {
                headers.set(field, location(location, origin, client));
            }
        }
        each(headers, REFRESH, value -> refresh(value, origin, client));
        each(headers, LINK, value -> link(value, origin, client));
        each(headers, HttpHeaders.SET_COOKIE.toString(), value -> cookie(value, origin, client));
    }

    private static void each(MultiMap headers, String field, UnaryOperator<String> change) {
        if (headers.contains(field)) {
            headers.set(field, headers.getAll(field).stream().map(change).toList());
        }
    }

    /** Returns the rewritten value of {@code Refresh}, in the form that browsers parse. */
    static String refresh(String value, Origin origin, String client) {
        Matcher parts = REFRESH_FORM.matcher(value);
        return parts.matches() ? parts.group(1) + location(parts.group(2), origin, client) + parts.group(3) : value;
    }

    /** Returns the rewritten value of {@code Link}. */
    static String link(String value, Origin origin, String client) {
        return LINK_TARGET
                .matcher(value)
                .replaceAll(link -> Matcher.quoteReplacement('<' + location(link.group(1), origin, client) + '>'));
    }

    /**
     * Returns the rewritten value of a location field.
     *
     * @param client the host that the client used
     */
    static String location(String location, Origin origin, String client) {
        if (location.startsWith("//")) {
            return networkPath(location, origin, client);
        }
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

    /** Rewrites a reference that begins with an authority, for the scheme of the page (RFC 3986 4.2). */
    private static String networkPath(String location, Origin origin, String client) {
        int start = endOfAuthority(location, 2);
        String authority = location.substring(2, start);
        String rest = location.substring(start);
        if (authority.equalsIgnoreCase(client)) {
            return "//" + authority + path(rest, origin);
        }
        boolean own = origin.servers().stream()
                .anyMatch(server -> address(server.toString()).equals(address(server.getScheme() + "://" + authority)));
        return own ? path(rest.startsWith("/") ? rest : '/' + rest, origin) : location;
    }

    /**
     * Rewrites the path of a cookie, and its domain if it is the origin's own domain, which the browser would reject
     * (<a href="https://www.rfc-editor.org/rfc/rfc6265#section-5.3">RFC 6265 5.3</a>). {@code __Host-} cookies keep
     * their path: browsers reject those unless the path is /.
     */
    static String cookie(String cookie, Origin origin, String client) {
        boolean fixedPath = cookie.regionMatches(true, 0, "__Host-", 0, "__Host-".length());
        List<String> parts = new ArrayList<>();
        for (String part : cookie.split(";", -1)) {
            String attribute = part.strip();
            if (parts.isEmpty()) {
                parts.add(part);
            } else if (!fixedPath && origin.strips() && attribute.regionMatches(true, 0, PATH, 0, PATH.length())) {
                String path = attribute.substring(PATH.length());
                parts.add(' '
                        + attribute.substring(0, PATH.length())
                        + (path.equals("/") ? origin.prefix() : path(path, origin)));
            } else if (!attribute.regionMatches(true, 0, DOMAIN, 0, DOMAIN.length())
                    || !isInner(attribute.substring(DOMAIN.length()), origin, client)) {
                parts.add(part);
            }
        }
        return String.join(";", parts);
    }

    /** Returns whether a domain contains a server of the origin, but not the host that the client used. */
    private static boolean isInner(String domain, Origin origin, String client) {
        String bare = domain.strip().toLowerCase(Locale.ROOT).replaceFirst("^\\.", "");
        String host = client.toLowerCase(Locale.ROOT).replaceFirst(":[0-9]*$", "");
        return !contains(bare, host)
                && origin.servers().stream()
                        .anyMatch(server -> contains(bare, server.getHost().toLowerCase(Locale.ROOT)));
    }

    private static boolean contains(String domain, String host) {
        return host.equals(domain) || host.endsWith('.' + domain);
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
