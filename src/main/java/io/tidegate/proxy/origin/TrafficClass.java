package io.tidegate.proxy.origin;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The classes of traffic, which have separate permits: requests, which end within milliseconds, and streams, which stay
 * open for hours.
 */
public enum TrafficClass {
    REQUESTS,
    STREAMS;

    private static final String STREAM = "text/event-stream";

    /** Returns the class of a request, based on its {@code Accept} header. Not for WebSocket requests. */
    public static TrafficClass of(HttpServerRequest request) {
        String accept = request.getHeader(HttpHeaders.ACCEPT);
        return accept != null && accept.contains(STREAM) ? STREAMS : REQUESTS;
    }

    /** Returns whether the content type is that of an event stream. */
    public static boolean isStream(@Nullable String contentType) {
        return contentType != null && contentType.regionMatches(true, 0, STREAM, 0, STREAM.length());
    }

    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
