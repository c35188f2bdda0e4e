package io.tidegate.proxy;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import java.util.List;

/**
 * Fields that speak of one connection and end with it:
 * <a href="https://www.rfc-editor.org/rfc/rfc9110#section-7.6.1">RFC 9110 7.6.1</a>, the two of proxy authentication
 * (11.7), and {@code Trailer}, since trailers are not passed on.
 */
final class HopByHop {

    private static final List<String> ALWAYS = List.of(
            "connection",
            "proxy-connection",
            "keep-alive",
            "te",
            "trailer",
            "transfer-encoding",
            "upgrade",
            "proxy-authenticate",
            "proxy-authorization");

    private HopByHop() {}

    /** Removes them, and every field that {@code Connection} names. */
    static void strip(MultiMap headers) {
        for (String options : headers.getAll(HttpHeaders.CONNECTION)) {
            for (String option : options.split(",", -1)) {
                if (!option.isBlank()) {
                    headers.remove(option.trim());
                }
            }
        }
        ALWAYS.forEach(headers::remove);
    }
}
