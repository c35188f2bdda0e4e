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
 * A whole response that is still to be sent.
 *
 * @param reason empty for the usual one
 */
record HeldReply(int status, String reason, MultiMap headers, Buffer body) {

    private static final int MOST_HEADERS = 100;
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9!#$%&'*+.^_`|~-]+");
    private static final Pattern TEXT = Pattern.compile("[\t -~\\x80-\\xff]*");

    HeldReply {
        require(status >= 200 && status <= 599, "a code is 200 to 599");
        require(TEXT.matcher(reason).matches(), "a reason is text of one line");
    }

    /**
     * Reads {@code {"code":200,"reason":"OK","headers":{…},"body":…}}; all of it may be left out.
     *
     * @throws IllegalArgumentException or {@link ClassCastException} when it is none
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

    /** Whether it may have a body, and so be one that goes on. */
    boolean mayGoOn() {
        return status != 204 && status != 304;
    }

    /** Writes everything but the body into a head. */
    void head(HttpServerResponse response) {
        response.setStatusCode(status);
        // The usual one, once set, would keep the server from seeing that 304 has no length.
        if (!reason.isEmpty()
                && !reason.equals(HttpResponseStatus.valueOf(status).reasonPhrase())) {
            response.setStatusMessage(reason);
        }
        HopByHop.copy(headers, response.headers());
        response.headers().remove(HttpHeaders.CONTENT_LENGTH);
    }

    void send(HttpServerResponse response) {
        head(response);
        if (mayGoOn()) {
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
                require(pair != null && pair.size() == 2, "headers holds pairs");
                add(headers, pair.getString(0), pair.getString(1));
            }
        } else {
            JsonObject named = (JsonObject) given;
            named.fieldNames().forEach(name -> add(headers, name, named.getString(name)));
        }
        require(headers.size() <= MOST_HEADERS, "there are at most " + MOST_HEADERS + " headers");
        return headers;
    }

    private static void add(MultiMap headers, String name, String value) {
        require(
                name != null
                        && NAME.matcher(name).matches()
                        && value != null
                        && TEXT.matcher(value).matches(),
                "headers has a field that is none");
        headers.add(name, value);
    }

    private static void require(boolean holds, String message) {
        if (!holds) {
            throw new IllegalArgumentException(message);
        }
    }
}
