package io.tidegate.proxy.origin;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Two kinds of traffic that must not take each other's places: what is over in milliseconds and what stays for hours. */
public enum TrafficClass {
    REQUESTS,
    STREAMS;

    private static final String STREAM = "text/event-stream";

    /** By what a request that asks for no WebSocket accepts. */
    public static TrafficClass of(HttpServerRequest request) {
        String accept = request.getHeader(HttpHeaders.ACCEPT);
        return accept != null && accept.contains(STREAM) ? STREAMS : REQUESTS;
    }

    /** Whether this is the media type of a stream, whoever asked for it. */
    public static boolean isStream(@Nullable String contentType) {
        return contentType != null && contentType.regionMatches(true, 0, STREAM, 0, STREAM.length());
    }

    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
