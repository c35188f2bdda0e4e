package io.tidegate.proxy;

import io.tidegate.proxy.origin.Origin;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.net.HostAndPort;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Rewrites the locations, links and cookies in an origin's responses to the form that the client must use: under the
 * path at which the client reaches the gateway, with the prefix that was stripped from the request, and without the
 * origin's address, which the client cannot reach. Locations that already have that path and prefix, for example from a
 * service that honours {@code X-Forwarded-Prefix}, and locations on other hosts are not changed.
 *
 * @param mountPath the path under which the client reaches the gateway, without a trailing slash
 * @param hosts the hosts that the client may have used: the one in the request, and the one specified by a trusted
 *     proxy
 */
record Relocation(Origin origin, String mountPath, List<String> hosts) {

    private static final List<CharSequence> LOCATIONS = List.of(HttpHeaders.LOCATION, HttpHeaders.CONTENT_LOCATION);
    private static final String REFRESH = "Refresh";
    private static final String LINK = "Link";
    private static final String PATH = "path=";
    private static final String DOMAIN = "domain=";
    private static final Pattern REFRESH_FORM =
            Pattern.compile("([^;,]*[;,]\\s*(?:url\\s*=\\s*)?['\"]?)([^'\"]*)(.*)", Pattern.CASE_INSENSITIVE);
    private static final Pattern LINK_TARGET = Pattern.compile("<([^<>]*)>");
    /**
     * Matches the beginning of an absolute URL (<a href="https://www.rfc-editor.org/rfc/rfc3986#section-3.1">RFC 3986
     * 3.1</a>).
     */
    private static final Pattern ABSOLUTE = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]*://");

    Relocation(Origin origin, String mountPath, @Nullable HostAndPort requested, @Nullable HostAndPort stated) {
        this(origin, mountPath, List.of(String.valueOf(requested), String.valueOf(stated)));
    }

    /** Rewrites a response head if {@link Origin#relocate} is enabled. */
    void apply(MultiMap headers) {
        if (!origin.relocate()) {
            return;
        }
        for (CharSequence field : LOCATIONS) {
            String location = headers.get(field);
            if (location != null) {
                headers.set(field, location(location));
            }
        }
        each(headers, REFRESH, value -> refresh(value));
        each(headers, LINK, value -> link(value));
        each(headers, HttpHeaders.SET_COOKIE.toString(), value -> cookie(value));
    }

    private static void each(MultiMap headers, String field, UnaryOperator<String> change) {
        if (headers.contains(field)) {
            headers.set(field, headers.getAll(field).stream().map(change).toList());
        }
    }

    /** Returns the rewritten value of {@code Refresh}, which is parsed as browsers do. */
    String refresh(String value) {
        Matcher parts = REFRESH_FORM.matcher(value);
        return parts.matches() ? parts.group(1) + location(parts.group(2)) + parts.group(3) : value;
    }

    /** Returns the rewritten value of {@code Link}. */
    String link(String value) {
        return LINK_TARGET
                .matcher(value)
                .replaceAll(link -> Matcher.quoteReplacement('<' + location(link.group(1)) + '>'));
    }

    /** Returns the rewritten value of a location field. */
    String location(String location) {
        if (location.startsWith("//")) {
            return networkPath(location);
        }
        if (!ABSOLUTE.matcher(location).lookingAt()) {
            return path(location);
        }
        int scheme = location.indexOf("://");
        int start = endOfAuthority(location, scheme + 3);
        String base = location.substring(0, start);
        String rest = location.substring(start);
        if (isClients(location.substring(scheme + 3, start))) {
            return base + path(rest);
        }
        boolean own = ownUrls().anyMatch(server -> address(server.toString()).equals(address(base)));
        return own ? path(rest.startsWith("/") ? rest : '/' + rest) : location;
    }

    /**
     * Rewrites a network-path reference, which begins with an authority and inherits the page's scheme (RFC 3986 4.2).
     */
    private String networkPath(String location) {
        int start = endOfAuthority(location, 2);
        String authority = location.substring(2, start);
        String rest = location.substring(start);
        if (isClients(authority)) {
            return "//" + authority + path(rest);
        }
        boolean own = ownUrls()
                .anyMatch(server -> address(server.toString()).equals(address(server.getScheme() + "://" + authority)));
        return own ? path(rest.startsWith("/") ? rest : '/' + rest) : location;
    }

    /**
     * Rewrites the path of a cookie, and its domain if it is the origin's own domain, which the browser would reject
     * (<a href="https://www.rfc-editor.org/rfc/rfc6265#section-5.3">RFC 6265 5.3</a>). {@code __Host-} cookies keep
     * their path, because browsers reject them unless the path is {@code /}.
     */
    String cookie(String cookie) {
        boolean fixedPath = cookie.regionMatches(true, 0, "__Host-", 0, "__Host-".length());
        List<String> parts = new ArrayList<>();
        for (String part : cookie.split(";", -1)) {
            String attribute = part.strip();
            if (parts.isEmpty()) {
                parts.add(part);
            } else if (!fixedPath && attribute.regionMatches(true, 0, PATH, 0, PATH.length())) {
                String path = attribute.substring(PATH.length());
                String changed = cookiePath(path);
                parts.add(changed.equals(path) ? part : ' ' + attribute.substring(0, PATH.length()) + changed);
            } else if (!attribute.regionMatches(true, 0, DOMAIN, 0, DOMAIN.length())
                    || !isInner(attribute.substring(DOMAIN.length()))) {
                parts.add(part);
            }
        }
        return String.join(";", parts);
    }

    /** Returns whether a domain includes one of the origin's servers, but not the host that the client used. */
    private boolean isInner(String domain) {
        String bare = domain.strip().toLowerCase(Locale.ROOT).replaceFirst("^\\.", "");
        return hosts.stream()
                        .map(host -> host.toLowerCase(Locale.ROOT).replaceFirst(":[0-9]*$", ""))
                        .noneMatch(host -> contains(bare, host))
                && ownUrls().anyMatch(server -> contains(bare, server.getHost().toLowerCase(Locale.ROOT)));
    }

    private Stream<URI> ownUrls() {
        return origin.servers().stream().map(Origin::ownUrl);
    }

    private static boolean contains(String domain, String host) {
        return host.equals(domain) || host.endsWith('.' + domain);
    }

    private boolean isClients(String authority) {
        return hosts.stream().anyMatch(authority::equalsIgnoreCase);
    }

    private String cookiePath(String path) {
        String whole = wholePrefix();
        return path.equals("/") && !whole.isEmpty() ? whole : path(path);
    }

    /**
     * Returns the path for the client. The origin may be aware of the stripped prefix, and of the mount path, and may
     * have included them already.
     */
    private String path(String path) {
        boolean plain = path.startsWith("/") && !path.startsWith("//") && !path.startsWith("/\\");
        String bare = path.split("[?#]", 2)[0];
        String whole = wholePrefix();
        if (!plain || bare.equals(whole) || bare.startsWith(whole + '/')) {
            return path;
        }
        return mountPath + (origin.strips() && !origin.covers(bare) ? origin.prefix() : "") + path;
    }

    /** Returns the part at the beginning of the client's paths that the origin does not receive. */
    private String wholePrefix() {
        return mountPath + (origin.strips() ? origin.prefix() : "");
    }

    private static int endOfAuthority(String url, int from) {
        int end = from;
        while (end < url.length() && "/?#".indexOf(url.charAt(end)) < 0) {
            end++;
        }
        return end;
    }

    /** Returns the scheme, host and port in lower case, without the default port. */
    private static String address(String url) {
        String lower = url.toLowerCase(Locale.ROOT);
        String bare = lower.endsWith("/") ? lower.substring(0, lower.length() - 1) : lower;
        String usual = bare.startsWith("https:") ? ":443" : ":80";
        return bare.endsWith(usual) ? bare.substring(0, bare.length() - usual.length()) : bare;
    }
}
