package io.tidegate.adapter.grip;

import io.netty.handler.codec.http.HttpResponseStatus;
import io.tidegate.edge.message.HopByHop;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.regex.Pattern;

/**
 * A complete response that has not been sent yet.
 *
 * @param reason the reason phrase; empty for the standard one
 */
record HeldReply(int status, String reason, MultiMap headers, Buffer body) {

    private static final int MAX_HEADERS = 100;
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9!#$%&'*+.^_`|~-]+");
    private static final Pattern TEXT = Pattern.compile("[\t -~\\x80-\\xff]*");

    HeldReply {
        require(status >= 200 && status <= 599, "code must be between 200 and 599");
        require(TEXT.matcher(reason).matches(), "reason must be a single line of text");
    }

    /**
     * Parses {@code {"code":200,"reason":"OK","headers":{…},"body":…}}, in which every member is optional.
     *
     * @throws IllegalArgumentException if the object is not a valid response
     * @throws ClassCastException if a member has the wrong type
     */
    static HeldReply parse(JsonObject object) {
        Object code = object.getValue("code", 200);
        return new HeldReply(
                code instanceof Number number ? number.intValue() : Integer.parseInt((String) code),
                object.getString("reason", ""),
                headers(object.getValue("headers", new JsonObject())),
                GripItem.bytes(object, "body", "body-bin"));
    }

    HeldReply with(Buffer other) {
        return new HeldReply(status, reason, headers, other);
    }

    /** Returns whether the status allows a body, which a held stream requires. */
    boolean mayHaveBody() {
        return status != 204 && status != 304;
    }

    /** Copies the status and the headers, except {@code Content-Length}, to the response. */
    void head(HttpServerResponse response) {
        response.setStatusCode(status);
        // The standard phrase is not set explicitly: if a phrase is set, Vert.x does not recognize that a 304 has no
        // length.
        if (!reason.isEmpty()
                && !reason.equals(HttpResponseStatus.valueOf(status).reasonPhrase())) {
            response.setStatusMessage(reason);
        }
        HopByHop.copy(headers, response.headers());
        response.headers().remove(HttpHeaders.CONTENT_LENGTH);
    }

    void send(HttpServerResponse response) {
        head(response);
        if (mayHaveBody()) {
            response.end(body);
        } else {
            response.end();
        }
    }

    private static MultiMap headers(Object given) {
        MultiMap headers = MultiMap.caseInsensitiveMultiMap();
        if (given instanceof JsonArray pairs) {
            for (int i = 0; i < pairs.size(); i++) {
                JsonArray pair = pairs.getJsonArray(i);
                require(pair != null && pair.size() == 2, "headers must be an array of pairs");
                add(headers, pair.getString(0), pair.getString(1));
            }
        } else {
            JsonObject named = (JsonObject) given;
            named.fieldNames().forEach(name -> add(headers, name, named.getString(name)));
        }
        require(headers.size() <= MAX_HEADERS, "headers must have at most " + MAX_HEADERS + " fields");
        return headers;
    }

    private static void add(MultiMap headers, String name, String value) {
        require(
                name != null
                        && NAME.matcher(name).matches()
                        && value != null
                        && TEXT.matcher(value).matches(),
                "headers must have valid names and values");
        headers.add(name, value);
    }

    private static void require(boolean holds, String message) {
        if (!holds) {
            throw new IllegalArgumentException(message);
        }
    }
}
