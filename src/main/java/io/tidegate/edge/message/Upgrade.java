package io.tidegate.edge.message;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.util.List;

/**
 * Reads requests to switch protocols (<a href="https://www.rfc-editor.org/rfc/rfc9110#section-7.8">RFC 9110 7.8</a>).
 */
public final class Upgrade {

    private Upgrade() {}

    /** Returns the protocols that the client offers, in the client's order; empty if it offers none. */
    public static List<String> offered(HttpServerRequest request) {
        MultiMap headers = request.headers();
        boolean offers = request.version() == HttpVersion.HTTP_1_1
                && headers.contains(HttpHeaders.UPGRADE)
                && HopByHop.isIn("upgrade", HopByHop.named(headers));
        return offers ? HopByHop.options(headers.getAll(HttpHeaders.UPGRADE)) : List.of();
    }
}
