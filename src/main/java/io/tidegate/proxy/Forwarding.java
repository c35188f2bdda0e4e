package io.tidegate.proxy;

import io.tidegate.edge.client.TrustedProxies;
import io.tidegate.edge.message.ClientFields;
import io.tidegate.edge.message.HopByHop;
import io.tidegate.proxy.origin.Origin;
import io.tidegate.proxy.origin.Origin.HostPolicy;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.HostAndPort;
import java.net.URI;
import java.util.List;

/**
 * The head of a request as its origin gets it. {@code Host} stays as received unless the origin wants its own: services
 * compare it with the {@code Origin} of a browser, build links and choose tenants from it. Who the client is, is told by
 * us alone (<a href="https://www.rfc-editor.org/rfc/rfc7239">RFC 7239</a> and the older {@code X-Forwarded-*}): what was
 * received of it is believed from trusted proxies, and even then told anew, since such a proxy passes fields that it does
 * not know as its client wrote them.
 */
public final class Forwarding {

    private final TrustedProxies trusted;

    public Forwarding(TrustedProxies trusted) {
        this.trusted = trusted;
    }

    /** Writes target, authority and headers, but for those of the connection. */
    public void write(HttpServerRequest request, Origin origin, URI server, HttpClientRequest toOrigin) {
        toOrigin.setMethod(request.method()).setURI(origin.target(OwnCredentials.stripTicket(request.uri())));
        HostAndPort host = request.authority();
        if (origin.host() == HostPolicy.ORIGIN) {
            toOrigin.authority(HostAndPort.authority(server.getHost(), server.getPort()));
        } else if (host != null) {
            toOrigin.authority(host);
        }
        MultiMap headers = toOrigin.headers();
        List<String> named = HopByHop.named(request.headers());
        request.headers().forEach((name, value) -> {
            if (!HopByHop.includes(name, named)) {
                copy(name, value, headers);
            }
        });
        tellOfTheClient(request, headers);
        if (origin.strips()) {
            headers.set("X-Forwarded-Prefix", origin.prefix());
        }
    }

    private static void copy(String name, String value, MultiMap headers) {
        switch (name.length()) {
            case 4 -> {
                if (!name.equalsIgnoreCase("host")) {
                    headers.add(name, value);
                }
            }
            case 6 -> {
                if (name.equalsIgnoreCase("cookie")) {
                    OwnCredentials.stripCookie(value).ifPresent(left -> headers.add(name, left));
                } else if (!name.equalsIgnoreCase("expect")) {
                    headers.add(name, value);
                }
            }
            case 7 -> {
                if (name.equalsIgnoreCase("referer")) {
                    // A page that was opened with a ticket names it as the referrer of all it loads.
                    headers.add(name, OwnCredentials.stripTicket(value));
                } else if (!name.equalsIgnoreCase("trailer")) {
                    headers.add(name, value);
                }
            }
            default -> {
                if (!ClientFields.include(name)) {
                    headers.add(name, value);
                }
            }
        }
    }

    private void tellOfTheClient(HttpServerRequest request, MultiMap headers) {
        String client = trusted.client(request).text();
        String scheme = scheme(request);
        StringBuilder forwarded =
                new StringBuilder("for=").append(client.contains(":") ? "\"[" + client + "]\"" : client);
        HostAndPort host = request.authority();
        if (host != null) {
            headers.set("X-Forwarded-Host", host.toString());
            forwarded.append(";host=\"").append(host).append('"');
        }
        headers.set("X-Forwarded-For", client)
                .set("X-Forwarded-Proto", scheme)
                .set("Forwarded", forwarded.append(";proto=").append(scheme).toString());
    }

    /** How the client speaks to the first proxy that is ours. */
    private String scheme(HttpServerRequest request) {
        String told = request.getHeader("X-Forwarded-Proto");
        if (told != null && trusted.trusts(request.remoteAddress())) {
            if (told.equalsIgnoreCase("https")) {
                return "https";
            } else if (told.equalsIgnoreCase("http")) {
                return "http";
            }
        }
        return String.valueOf(request.scheme());
    }
}
