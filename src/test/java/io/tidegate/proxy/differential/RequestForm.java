package io.tidegate.proxy.differential;

import java.util.ArrayList;
import java.util.List;

/**
 * The bytes that a client sends on a new connection.
 *
 * @param methods the method of each request, in order
 * @param bytes all requests, except for a last body that waits for 100 (Continue)
 * @param awaited the body that is sent when 100 (Continue) arrives; empty if none waits
 * @param ends whether the client ends its side of the connection after that
 */
record RequestForm(String name, List<String> methods, String bytes, String awaited, boolean ends) {

    static RequestForm of(String name, String bytes) {
        return new RequestForm(name, List.of(bytes.substring(0, Math.max(0, bytes.indexOf(' ')))), bytes, "", false);
    }

    /** Returns a request with these lines after its request line and {@code Host}. */
    static RequestForm with(String name, String requestLine, String... lines) {
        StringBuilder bytes = new StringBuilder(requestLine).append(" HTTP/1.1\r\nHost: app.example\r\n");
        for (String line : lines) {
            bytes.append(line).append("\r\n");
        }
        return of(name, bytes.append("\r\n").toString());
    }

    RequestForm body(String body) {
        return new RequestForm(name, methods, bytes + body, awaited, ends);
    }

    RequestForm awaiting(String body) {
        return new RequestForm(name, methods, bytes, body, ends);
    }

    RequestForm ending() {
        return new RequestForm(name, methods, bytes, awaited, true);
    }

    /** Sends another request without waiting for the response. */
    RequestForm then(RequestForm next) {
        List<String> both = new ArrayList<>(methods);
        both.addAll(next.methods);
        return new RequestForm(name, List.copyOf(both), bytes + next.bytes, next.awaited, next.ends);
    }
}
