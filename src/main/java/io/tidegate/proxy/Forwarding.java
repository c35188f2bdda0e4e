package io.tidegate.proxy;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.SocketAddress;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The head of a request as its origin gets it. {@code Host} stays as received: services compare it with the
 * {@code Origin} of a browser, build links and choose tenants from it. Who the client is, is told by us alone
 * (<a href="https://www.rfc-editor.org/rfc/rfc7239">RFC 7239</a> and the older {@code X-Forwarded-*}): what the client
 * says of itself is dropped, since no proxy before us is trusted.
 */
final class Forwarding {

    private Forwarding() {}

    /** Turns the received headers into those to send; {@code Host} is left to the sender. */
    static void rewrite(MultiMap headers, HttpServerRequest request) {
        HopByHop.strip(headers);
        for (String name : List.copyOf(headers.names())) {
            if (tellsOfTheClient(name)) {
                headers.remove(name);
            }
        }
        stripCredentials(headers);
        String client = address(request.remoteAddress());
        Optional<String> host = host(request);
        headers.set("X-Forwarded-For", client.isEmpty() ? "unknown" : client);
        headers.set("X-Forwarded-Proto", request.scheme());
        host.ifPresent(name -> headers.set("X-Forwarded-Host", name));
        headers.set(
                "Forwarded",
                "for=" + node(client)
                        + host.map(name -> ";host=\"" + name + '"').orElse("") + ";proto=" + request.scheme());
    }

    private static Optional<String> host(HttpServerRequest request) {
        return Optional.ofNullable(request.authority()).map(Object::toString);
    }

    /** Also in the spelling that servers which turn {@code -} and {@code _} into one cannot tell apart. */
    private static boolean tellsOfTheClient(String name) {
        String spelled = name.toLowerCase(Locale.ROOT).replace('_', '-');
        return spelled.startsWith("x-forwarded-") || spelled.equals("forwarded") || spelled.equals("x-real-ip");
    }

    private static void stripCredentials(MultiMap headers) {
        List<String> cookies = headers.getAll(HttpHeaders.COOKIE);
        if (!cookies.isEmpty()) {
            List<String> left = cookies.stream()
                    .flatMap(value -> OwnCredentials.stripCookie(value).stream())
                    .toList();
            headers.remove(HttpHeaders.COOKIE);
            left.forEach(value -> headers.add(HttpHeaders.COOKIE, value));
        }
        // A page that was opened with a ticket names it as the referrer of all it loads.
        String referer = headers.get(HttpHeaders.REFERER);
        if (referer != null) {
            headers.set(HttpHeaders.REFERER, OwnCredentials.stripTicket(referer));
        }
    }

    private static String address(SocketAddress peer) {
        String address = peer == null || peer.hostAddress() == null ? "" : peer.hostAddress();
        int zone = address.indexOf('%');
        return zone < 0 ? address : address.substring(0, zone);
    }

    private static String node(String address) {
        return address.isEmpty() ? "unknown" : address.contains(":") ? "\"[" + address + "]\"" : address;
    }
}
