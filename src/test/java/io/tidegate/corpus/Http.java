package io.tidegate.corpus;

/** Builds requests as text. Each header is a whole line. */
final class Http {

    static final int MEGABYTE = 1 << 20;

    private Http() {}

    static String get(String target, String... headers) {
        return request("GET", target, headers);
    }

    static String request(String method, String target, String... headers) {
        return method + " " + target + " HTTP/1.1\r\nHost: localhost\r\n" + lines(headers) + "\r\n";
    }

    /** Builds a request with the correct length of its body. */
    static String send(String method, String target, String type, String body, String... headers) {
        return method + " " + target + " HTTP/1.1\r\nHost: localhost\r\n" + lines(headers)
                + (type.isEmpty() ? "" : "Content-Type: " + type + "\r\n") + "Content-Length: " + body.length()
                + "\r\n\r\n" + body;
    }

    /** Builds a JSON request of a publisher. */
    static String json(String method, String target, String body) {
        return send(method, target, "application/json", body, Callers.PUBLISHER);
    }

    /** Builds a request with the given framing headers. */
    static String framed(String target, String framing, String body) {
        return "POST " + target + " HTTP/1.1\r\nHost: localhost\r\n" + Callers.PUBLISHER
                + "\r\nContent-Type: application/json\r\n" + framing + "\r\n" + body;
    }

    static String event(String topic, String type, String json) {
        return "{\"topic\":\"" + topic + "\",\"type\":\"" + type + "\",\"data\":" + json + "}";
    }

    private static String lines(String... headers) {
        return headers.length == 0 ? "" : String.join("\r\n", headers) + "\r\n";
    }
}
