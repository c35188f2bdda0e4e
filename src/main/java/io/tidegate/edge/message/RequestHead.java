package io.tidegate.edge.message;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.HostAndPort;
import java.util.List;

/** Request head checks that several packages share. */
public final class RequestHead {

    private RequestHead() {}

    /**
     * Returns whether the request has exactly one {@code Host} field, or, with HTTP/1.0, at most one
     * (<a href="https://www.rfc-editor.org/rfc/rfc9112#section-3.2">RFC 9112 3.2</a>).
     */
    public static boolean namesOneHost(HttpServerRequest request) {
        int fields = request.headers().getAll(HttpHeaders.HOST).size();
        if (fields == 0 && request.version() == HttpVersion.HTTP_1_0) {
            return true;
        }
        HostAndPort host = request.authority();
        return fields <= 1 && host != null && !host.host().isEmpty();
    }

    /**
     * Returns whether a message has no transfer coding other than {@code chunked}. With any other coding, the end of
     * the message cannot be determined (<a href="https://www.rfc-editor.org/rfc/rfc9112#section-6.1">RFC 9112 6.1</a>).
     *
     * @param codings the values of all {@code Transfer-Encoding} fields of the message
     */
    public static boolean hasKnownCoding(List<String> codings) {
        return codings.isEmpty() || codings.size() == 1 && codings.get(0).equalsIgnoreCase("chunked");
    }

    /**
     * Returns whether the end of a message can be found, because its last transfer coding is {@code chunked}, but not
     * its content, because it has other codings too
     * (<a href="https://www.rfc-editor.org/rfc/rfc9112#section-6.3">RFC 9112 6.1 and 6.3</a>).
     *
     * @param codings the values of all {@code Transfer-Encoding} fields of the message
     */
    public static boolean hasUnknownCodingInChunks(List<String> codings) {
        List<String> names = HopByHop.options(codings);
        int last = names.size() - 1;
        return last > 0
                && names.get(last).equalsIgnoreCase("chunked")
                && names.subList(0, last).stream().noneMatch("chunked"::equalsIgnoreCase);
    }
}
