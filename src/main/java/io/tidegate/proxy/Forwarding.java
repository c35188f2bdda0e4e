package io.tidegate.proxy;

import io.tidegate.edge.client.TrustedProxies;
import io.tidegate.edge.message.ClientFields;
import io.tidegate.edge.message.HopByHop;
import io.tidegate.proxy.origin.Origin;
import io.tidegate.proxy.origin.Origin.HostPolicy;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.HostAndPort;
import java.net.URI;
import java.util.List;

/**
 * Writes the request head that is sent to an origin. {@code Host} is preserved unless the origin is configured to
 * receive its own name: services compare {@code Host} with the {@code Origin} that a browser sends, and use it to build
 * links and to choose tenants. The fields that identify the client ({@code Forwarded},
 * <a href="https://www.rfc-editor.org/rfc/rfc7239">RFC 7239</a>, and the older {@code X-Forwarded-*}) are written only
 * by the gateway. Received fields of this kind are used only if they come from a trusted proxy, and even then they are
 * rewritten, because a trusted proxy may pass on such fields unchecked. Further fields that only trusted proxies may
 * send, for example fields that identify the user, are passed on unchanged.
 */
final class Forwarding {

    private final TrustedProxies trusted;
    private final Via via;

    Forwarding(TrustedProxies trusted, Via via) {
        this.trusted = trusted;
        this.via = via;
    }

    Via via() {
        return via;
    }

    /** Returns the changes to apply to the heads of an origin's responses to a request. */
    Relocation relocation(HttpServerRequest request, Origin origin) {
        return new Relocation(origin, mountPath(request), request.authority(), trusted.host(request));
    }

    /** Returns the path under which the client reaches the gateway, without a trailing slash. */
    String mountPath(HttpServerRequest request) {
        return trusted.mountPath(request);
    }

    /** Writes the target, the authority and all fields that may be forwarded. */
    void write(HttpServerRequest request, Origin origin, URI server, HttpClientRequest toOrigin) {
        toOrigin.setMethod(request.method()).setURI(origin.target(OwnCredentials.stripTicket(request.uri())));
        HostAndPort host = request.authority();
        if (origin.host() == HostPolicy.ORIGIN) {
            URI own = Origin.ownUrl(server);
            toOrigin.authority(HostAndPort.authority(own.getHost(), own.getPort()));
        } else if (host != null) {
            toOrigin.authority(host);
            String received = request.getHeader(HttpHeaders.HOST);
            if (received != null && request.uri().startsWith("/")) {
                // Vert.x removes a default port from the authority, but the request may have a signature that covers
                // it.
                toOrigin.putHeader(HttpHeaders.HOST, received);
            }
        }
        MultiMap headers = toOrigin.headers();
        List<String> named = HopByHop.named(request.headers());
        request.headers().forEach((name, value) -> {
            if (trusted.restricts(name)) {
                // A client must not be able to remove a restricted field by naming it in Connection.
                if (trusted.passes(name, request)) {
                    headers.add(name, value);
                }
            } else if (!HopByHop.includes(name, named)) {
                copy(name, value, headers);
            }
        });
        setForwardedFields(request, headers);
        String prefix = trusted.mountPath(request) + (origin.strips() ? origin.prefix() : "");
        if (!prefix.isEmpty()) {
            headers.set("X-Forwarded-Prefix", prefix);
        }
        new TargetFields(
                        origin,
                        server,
                        trusted.mountPath(request),
                        trusted.host(request),
                        String.valueOf(toOrigin.authority()))
                .rewrite(headers);
        via.mark(headers, request.version());
        via.count(request, headers);
        origin.fields().request().apply(headers);
    }

    /** Removes the fields that only a trusted proxy may send from the trailers, and returns the trailers. */
    MultiMap withoutRestricted(MultiMap trailers) {
        trailers.names().stream().filter(trusted::restricts).toList().forEach(trailers::remove);
        return trailers;
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
                    // If a page was opened with a ticket, the browser sends the ticket in the Referer of every resource
                    // on the page.
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

    private void setForwardedFields(HttpServerRequest request, MultiMap headers) {
        String client = trusted.client(request).text();
        String scheme = scheme(request);
        StringBuilder forwarded =
                new StringBuilder("for=").append(client.contains(":") ? "\"[" + client + "]\"" : client);
        HostAndPort host = trusted.host(request);
        if (host != null) {
            headers.set("X-Forwarded-Host", host.toString());
            forwarded.append(";host=\"").append(host).append('"');
        }
        headers.set("X-Forwarded-For", client)
                .set("X-Forwarded-Proto", scheme)
                .set("Forwarded", forwarded.append(";proto=").append(scheme).toString());
    }

    /** Returns the scheme that the client used to reach the outermost trusted proxy. */
    private String scheme(HttpServerRequest request) {
        String proto = request.getHeader("X-Forwarded-Proto");
        if (proto != null && trusted.trusts(request.remoteAddress())) {
            if (proto.equalsIgnoreCase("https")) {
                return "https";
            } else if (proto.equalsIgnoreCase("http")) {
                return "http";
            }
        }
        return String.valueOf(request.scheme());
    }
}
