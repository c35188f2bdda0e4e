package io.tidegate.problem;

import io.vertx.core.json.JsonObject;

/**
 * A refusal or failure as a client sees it: a problem details body (<a
 * href="https://www.rfc-editor.org/rfc/rfc9457">RFC 9457</a>) with a stable {@code code}.
 *
 * @param code the kind of problem
 * @param detail a human-readable description of the error in this request; it never contains a token, a file path of
 *     this machine or a class name
 * @param retryAfterSeconds the number of seconds after which the client may retry; 0 if unknown
 */
public record Problem(Code code, String detail, int retryAfterSeconds) {

    public static final String MEDIA_TYPE = "application/problem+json";

    public static Problem of(Code code, String detail) {
        return new Problem(code, detail, code.temporary() ? 1 : 0);
    }

    public ProblemException toException() {
        return new ProblemException(this);
    }

    public JsonObject toJson() {
        return new JsonObject()
                .put("type", "about:blank")
                .put("title", code.title())
                .put("status", code.status())
                .put("code", code.text())
                .put("detail", detail);
    }
}
