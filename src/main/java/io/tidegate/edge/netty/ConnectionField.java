package io.tidegate.edge.netty;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpVersion;
import io.tidegate.edge.message.HopByHop;
import java.util.ArrayList;
import java.util.List;

/**
 * Makes the options {@code close} and {@code keep-alive} in {@code Connection} visible to Vert.x, which compares whole
 * field lines even though the field is a list (<a href="https://www.rfc-editor.org/rfc/rfc9110#section-7.6.1">RFC 9110
 * 7.6.1</a>).
 */
final class ConnectionField {

    private ConnectionField() {}

    /**
     * Inserts, before the existing {@code Connection} lines, a line with only the option that determines whether the
     * connection persists.
     */
    static void isolate(HttpMessage message) {
        HttpHeaders headers = message.headers();
        String first = headers.get(HttpHeaderNames.CONNECTION);
        if (first == null) {
            return;
        }
        List<String> lines = headers.getAll(HttpHeaderNames.CONNECTION);
        if (lines.size() == 1 && first.indexOf(',') < 0) {
            return;
        }
        List<String> options = HopByHop.options(lines);
        CharSequence deciding = HttpHeaderValues.CLOSE;
        if (!HopByHop.isIn("close", options)) {
            // HTTP/1.1 connections are persistent without this option (RFC 9112 9.3).
            deciding = HttpHeaderValues.KEEP_ALIVE;
            if (!message.protocolVersion().equals(HttpVersion.HTTP_1_0) || !HopByHop.isIn("keep-alive", options)) {
                return;
            }
        }
        List<CharSequence> isolated = new ArrayList<>(lines.size() + 1);
        isolated.add(deciding);
        isolated.addAll(lines);
        headers.set(HttpHeaderNames.CONNECTION, isolated);
    }

    /**
     * Sets the version of a response to an HTTP/1.0 request to HTTP/1.1, the version of the gateway (RFC 9110 6.2).
     * Vert.x has already chosen the framing of the body for HTTP/1.0, so the response states that the
     * connection is not persistent.
     */
    static void stateOwnVersion(HttpResponse response) {
        if (response.protocolVersion().equals(HttpVersion.HTTP_1_0)) {
            response.setProtocolVersion(HttpVersion.HTTP_1_1);
            if (!response.headers().contains(HttpHeaderNames.CONNECTION)) {
                response.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
            }
        }
    }
}
