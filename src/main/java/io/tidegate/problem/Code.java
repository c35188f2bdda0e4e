package io.tidegate.problem;

import java.util.Locale;

/**
 * The stable values of the {@code code} member of a problem body. The meaning of a published code never changes;
 * {@code src/docs/protocol.md} lists the codes for clients.
 */
public enum Code {
    MALFORMED_JSON(400, "The body is not valid JSON"),
    INVALID_BODY(422, "The body does not have the expected shape"),
    INVALID_TOPIC(422, "The topic is not valid"),
    INVALID_TYPE(422, "The event type is not valid"),
    INVALID_KEY(422, "The key is not valid"),
    INVALID_PARAMETER(400, "A request parameter is not valid"),
    CONFLICTING_CREDENTIALS(400, "The request says twice who it comes from"),
    INVALID_CURSOR(400, "The cursor is not valid"),
    MALFORMED_REQUEST(400, "The request is not valid HTTP"),
    INVALID_TARGET(400, "The request target is not valid"),
    IDEMPOTENCY_MISMATCH(422, "The idempotency key belongs to another body"),
    UNKNOWN_KIND(404, "There is no such kind"),
    UNKNOWN_RECIPE(422, "There is no such recipe"),
    NOT_FOUND(404, "Nothing is here"),
    METHOD_NOT_ALLOWED(405, "This method is not allowed here"),
    NOT_ACCEPTABLE(406, "No acceptable form of this resource"),
    REQUEST_TIMEOUT(408, "The request did not come in time"),
    CONFLICT(409, "The state of the resource does not allow this"),
    PAYLOAD_TOO_LARGE(413, "The body is too large"),
    TARGET_TOO_LONG(414, "The request target is too long"),
    HEADERS_TOO_LARGE(431, "The request headers are too large"),
    UNSUPPORTED_MEDIA_TYPE(415, "The content type is not supported"),
    UNAUTHENTICATED(401, "A valid token is required"),
    FORBIDDEN(403, "The token does not allow this"),
    CROSS_SITE(403, "A page of another site may not send this request"),
    TOO_MANY_RUNS(429, "Too many deploys are running"),
    RATE_LIMITED(429, "Too many requests"),
    OVERLOADED(503, "The node has no room for more"),
    STREAM_LIMIT(503, "The limit of open streams is reached"),
    TICKET_LIMIT(503, "The limit of open tickets is reached"),
    DRAINING(503, "The node is shutting down"),
    STORAGE_UNAVAILABLE(503, "The journal cannot be written"),
    LOOP_DETECTED(508, "The request has already passed this gateway"),
    STORAGE_FULL(507, "The journal has no space left"),
    ORIGIN_UNREACHABLE(502, "The origin did not answer"),
    ORIGIN_BUSY(503, "The origin has as many requests as it may have"),
    ORIGIN_TIMEOUT(504, "The origin did not answer in time"),
    UNSUPPORTED_VERSION(505, "This version of HTTP is not supported"),
    NOT_IMPLEMENTED(501, "This part of HTTP is not supported"),
    INTERNAL(500, "Something went wrong here");

    private final int status;
    private final String title;

    Code(int status, String title) {
        this.status = status;
        this.title = title;
    }

    /** Returns the HTTP status of a response with this code. */
    public int status() {
        return status;
    }

    /** Returns a short human-readable sentence, which may be reworded, unlike {@link #text()}. */
    public String title() {
        return title;
    }

    /** Returns the code as clients see it: in lower case, with its words joined by hyphens. */
    public String text() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Returns whether the same request, unchanged, may succeed later. */
    public boolean temporary() {
        return switch (this) {
            case TOO_MANY_RUNS,
                    RATE_LIMITED,
                    OVERLOADED,
                    STREAM_LIMIT,
                    TICKET_LIMIT,
                    DRAINING,
                    STORAGE_UNAVAILABLE,
                    STORAGE_FULL,
                    ORIGIN_UNREACHABLE,
                    ORIGIN_BUSY,
                    ORIGIN_TIMEOUT -> true;
            default -> false;
        };
    }
}
