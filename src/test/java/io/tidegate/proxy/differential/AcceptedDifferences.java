package io.tidegate.proxy.differential;

import java.util.List;
import java.util.stream.Stream;

/** The differences from nginx that are intended. {@code src/docs/protocol.md} has the same table. */
final class AcceptedDifferences {

    private AcceptedDifferences() {}

    static List<Entry> all() {
        return Stream.of(requests(), requestFields(), responses(), responseFields(), brokenResponses())
                .flatMap(List::stream)
                .toList();
    }

    private static List<Entry> requests() {
        return List.of(
                Entry.of(
                        "outcome",
                        "400, not forwarded",
                        "200",
                        "A method is a case-sensitive token that the origin knows (RFC 9110 9.1).",
                        "method get without a body"),
                Entry.of(
                        "outcome",
                        "405, not forwarded",
                        "200",
                        "Left to the origin (RFC 9110 9.3.8).",
                        "method TRACE without a body"),
                Entry.of(
                        "outcome",
                        "405, not forwarded",
                        "501, not forwarded",
                        "It would ask for a tunnel (RFC 9110 9.3.6).",
                        "method CONNECT without a body"),
                Entry.of(
                        "outcome",
                        "200",
                        "400, not forwarded",
                        "A target has no fragment (RFC 9112 3.2).",
                        "target /a#b",
                        "target /a?b=c#d"),
                Entry.of(
                        "outcome",
                        "400, not forwarded",
                        "204, not forwarded",
                        "It asks about the server itself (RFC 9110 9.3.7).",
                        "OPTIONS *"),
                Entry.of(
                        "outcome",
                        "200",
                        "400, not forwarded",
                        "The gateway serves no such scheme (RFC 9110 7.4).",
                        "target ftp://app.example/a"),
                Entry.of(
                        "outcome",
                        "200",
                        "400, not forwarded",
                        "Connection must not list such a field (RFC 9110 7.6.1).",
                        "Connection: Authorization",
                        "Connection: Host",
                        "Connection: Content-Length"),
                Entry.of(
                        "request host",
                        "app.example",
                        "APP.EXAMPLE",
                        "The authority of the target replaces Host (RFC 9112 3.2.2).",
                        "target HTTP://APP.EXAMPLE/a"),
                Entry.of(
                        "request host",
                        "app.example",
                        "other.example",
                        "The authority of the target replaces Host (RFC 9112 3.2.2).",
                        "target http://other.example/a"),
                Entry.of(
                        "request host",
                        "app.example",
                        "app.example:80",
                        "The authority of the target replaces Host (RFC 9112 3.2.2).",
                        "target http://app.example:80/a"),
                Entry.of(
                        "outcome",
                        "400, not forwarded",
                        "200",
                        "nginx's `large_client_header_buffers`; HTTP has no such limit (RFC 9110 5.4).",
                        "a field of 9,000 bytes"),
                Entry.of(
                        "outcome",
                        "200",
                        "400, not forwarded",
                        "The value of Host is invalid (RFC 9112 3.2).",
                        "Host with user",
                        "Host with a bad port"),
                Entry.of(
                        "outcome",
                        "200",
                        "400, not forwarded",
                        "Lenient parsing is optional (RFC 9112 2.2, 3, 7.1), and two parsers may differ in it (11.2).",
                        "lines that end with LF",
                        "chunks that end with LF",
                        "a space after the version"),
                Entry.of(
                        "outcome",
                        "200",
                        "400, not forwarded",
                        "Not a valid field line (RFC 9112 5, 9110 5.5). nginx ignores the first one.",
                        "a line without a colon",
                        "a control character in a value"),
                Entry.of(
                        "outcome",
                        "0 broken off",
                        "400, not forwarded",
                        "A request line has a version (RFC 9112 3).",
                        "HTTP/0.9"),
                Entry.of(
                        "outcome",
                        "400, not forwarded",
                        "200",
                        "The fold is replaced by a space (RFC 9112 5.2).",
                        "a folded field"),
                Entry.of(
                        "outcome",
                        "400, not forwarded",
                        "200",
                        "Left to the origin (RFC 9110 5.3).",
                        "two Authorization fields"),
                Entry.of(
                        "outcome",
                        "400, not forwarded",
                        "501, not forwarded",
                        "It asks for a tunnel (RFC 9110 9.3.6), which is not implemented (15.6.2).",
                        "CONNECT to a host"),
                Entry.of(
                        "outcome",
                        "501, not forwarded",
                        "400, not forwarded",
                        "The last coding of a request is chunked (RFC 9112 6.3).",
                        "transfer coding identity",
                        "gzip without chunked"),
                Entry.of(
                        "connection",
                        "closed",
                        "kept",
                        "The request is refused, but its end is known (RFC 9112 9.3).",
                        "target /../a",
                        "target /a%00b",
                        "target /a%",
                        "target /a%zz",
                        "target /a%4",
                        "target http://user@app.example/a",
                        "target app.example/a",
                        "target a",
                        "target ?b",
                        "target app.example:80",
                        "without Host",
                        "an empty Host",
                        "two Hosts",
                        "two equal Hosts",
                        "Host with a slash"));
    }

    private static List<Entry> requestFields() {
        String listed = "Fields that Connection lists do not pass (RFC 9110 7.6.1).";
        String upgrade = "Upgrade is for this connection; tokens of a list pass (RFC 9110 7.8).";
        String name = "A name is a token (RFC 9110 5.1, 5.6.2).";
        String trailers = "Trailers pass (RFC 9110 6.5).";
        String expect = "The origin decides about it (RFC 9110 10.1.1).";
        return List.of(
                Entry.of(
                        "request host",
                        "-",
                        "127.0.0.1:(origin)",
                        "An HTTP/1.1 request has a Host (RFC 9112 3.2).",
                        "HTTP/1.0 without Host"),
                Entry.of("request x_underscore", "-", "a", name, "field X_Underscore: a"),
                Entry.of("request x.dot", "-", "a", name, "field X.Dot: a"),
                Entry.of("request x-!#$%&'*+^~", "-", "a", name, "field X-!#$%&'*+^~: a"),
                Entry.of(
                        "request proxy-authorization",
                        "Basic dTpw",
                        "-",
                        "It is for this proxy (RFC 9110 11.7.2).",
                        "field Proxy-Authorization: Basic dTpw"),
                Entry.of(
                        "request proxy-connection",
                        "keep-alive",
                        "-",
                        "It belongs to the connection (RFC 9110 7.6.1).",
                        "field Proxy-Connection: keep-alive"),
                Entry.of(
                        "request trailer",
                        "X-Sum",
                        "-",
                        "There is no body, and so no trailer (RFC 9110 6.6.2).",
                        "field Trailer: X-Sum"),
                Entry.of(
                        "request trailer x-sum",
                        "-",
                        "1",
                        trailers,
                        "a request trailer",
                        "a request trailer that was not announced"),
                Entry.of(
                        "request expect",
                        "-",
                        "100-continue",
                        expect,
                        "Expect with a body that waits",
                        "Expect with a body that does not wait",
                        "Expect with a chunked body that waits"),
                Entry.of("request expect", "-", "100-Continue", expect, "Expect in capitals with a body that waits"),
                Entry.of("request expect", "-", "something", expect, "Expect something with a body"),
                Entry.of(
                        "interim responses",
                        "100",
                        "-",
                        "There is no body to continue with (RFC 9110 10.1.1).",
                        "field Expect: 100-continue"),
                Entry.of(
                        "request x-listed",
                        "1",
                        "-",
                        listed,
                        "Connection: close, X-Listed",
                        "Connection: X-Listed",
                        "Connection: x-listed, keep-alive",
                        "Connection: , ,X-Listed,",
                        "two Connection fields"),
                Entry.of("request upgrade", "h2c", "-", upgrade, "Upgrade: h2c"),
                Entry.of("request upgrade", "TLS/1.0", "-", upgrade, "Upgrade: TLS/1.0"),
                Entry.of("request upgrade", "websocket, h2c", "websocket", upgrade, "Upgrade: websocket, h2c"),
                Entry.of(
                        "request upgrade",
                        "websocket",
                        "-",
                        "Connection must list it (RFC 9110 7.8).",
                        "Upgrade: websocket without Connection"));
    }

    private static List<Entry> responses() {
        return List.of(
                Entry.of(
                        "outcome",
                        "no response",
                        "200",
                        "Interim responses precede the final one (RFC 9110 15.2).",
                        "100 before the body / GET",
                        "100 after the body / GET",
                        "102 / GET",
                        "103 / GET",
                        "103 twice / GET",
                        "199 / GET"),
                Entry.of(
                        "outcome",
                        "no response",
                        "502",
                        "The client did not ask for an upgrade (RFC 9110 15.2.2).",
                        "101 that nobody asked for / GET"),
                Entry.of(
                        "outcome",
                        "502",
                        "200",
                        "nginx's `proxy_buffer_size`; HTTP has no such limit (RFC 9110 5.4).",
                        "a field of 7,000 bytes / GET",
                        "a head of 12,000 bytes / GET"),
                Entry.of(
                        "outcome",
                        "502",
                        "200",
                        "The space is removed (RFC 9112 5.1).",
                        "a space before the colon / GET",
                        "a space before the colon / POST"),
                Entry.of(
                        "outcome",
                        "502",
                        "200",
                        "The fold is replaced by a space (RFC 9112 5.2).",
                        "a folded field / GET",
                        "a folded field / POST"));
    }

    private static List<Entry> responseFields() {
        String hop = "It belongs to the connection (RFC 9110 7.6.1).";
        String proxy = "It is a challenge of a proxy (RFC 9110 11.7.1).";
        String accel = "An instruction for nginx.";
        String length = "A 204 has no length (RFC 9110 8.6).";
        return List.of(
                Entry.of(
                        "response trailer x-sum",
                        "-",
                        "1",
                        "Trailers pass (RFC 9110 6.5).",
                        "a trailer / GET",
                        "a trailer / POST"),
                Entry.of(
                        "response content-length",
                        "0",
                        "-",
                        length,
                        "204 with a length of 0 / GET",
                        "204 with a length of 0 / HEAD"),
                Entry.of(
                        "response content-length", "5", "-", length, "a body with 204 / GET", "a body with 204 / POST"),
                Entry.of("response proxy-authenticate", "Basic realm=\"a\"", "-", proxy, "407 / GET", "407 / HEAD"),
                Entry.of("response proxy-authenticate", "Basic", "-", proxy, "field Proxy-Authenticate: Basic / GET"),
                Entry.of(
                        "response x-listed",
                        "1",
                        "-",
                        "Fields that Connection lists do not pass (RFC 9110 7.6.1).",
                        "field Connection: X-Listed, keep-alive / GET",
                        "field Connection: close, X-Listed / GET"),
                Entry.of(
                        "response proxy-connection",
                        "keep-alive",
                        "-",
                        hop,
                        "field Proxy-Connection: keep-alive / GET"),
                Entry.of("response upgrade", "h2c", "-", hop, "field Upgrade: h2c / GET"),
                Entry.of("response te", "trailers", "-", hop, "field TE: trailers / GET"),
                Entry.of(
                        "response content-type",
                        "-",
                        "(empty)",
                        "An empty field is not an absent one (RFC 9110 5.5).",
                        "field Content-Type: / GET"),
                Entry.of("response x-accel-buffering", "-", "no", accel, "field X-Accel-Buffering: no / GET"),
                Entry.of("response x-accel-expires", "-", "1", accel, "field X-Accel-Expires: 1 / GET"));
    }

    private static List<Entry> brokenResponses() {
        String invalid = "The response is invalid (RFC 9112 2.3, 4; RFC 9110 15.6.3).";
        return List.of(
                Entry.of(
                        "outcome",
                        "200 broken off",
                        "502",
                        "Nothing has been sent yet (RFC 9110 15.6.3).",
                        "the end before the body / GET",
                        "the end before the body / POST"),
                Entry.of(
                        "outcome",
                        "closed",
                        "200 broken off",
                        "Both end the connection early (RFC 9112 8).",
                        "a chunk size that is no number / GET",
                        "a chunk size that is no number / POST"),
                Entry.of(
                        "outcome",
                        "200",
                        "502",
                        "The length of the body is ambiguous (RFC 9112 6.3, 11.2).",
                        "length and chunked / GET",
                        "length and chunked / POST",
                        "lengths of 5 and 5 / GET",
                        "lengths of 5 and 5 / POST",
                        "lengths of 5 and 6 / GET",
                        "lengths of 5 and 6 / POST"),
                Entry.of(
                        "outcome",
                        "no response",
                        "502",
                        "The length is invalid (RFC 9112 6.3).",
                        "a negative length / GET",
                        "a negative length / POST"),
                Entry.of(
                        "outcome",
                        "200",
                        "502",
                        "The gateway did not offer this coding (RFC 9112 6.1).",
                        "transfer coding gzip / GET",
                        "transfer coding gzip / POST"),
                Entry.of(
                        "outcome",
                        "200",
                        "502",
                        "Not a valid field line (RFC 9112 5).",
                        "a line without a colon / GET",
                        "a line without a colon / POST"),
                Entry.of(
                        "outcome",
                        "200",
                        "502",
                        "A chunk ends with CRLF (RFC 9112 7.1); LF alone may end the lines of a head only (2.2).",
                        "chunks that end with LF / GET",
                        "chunks that end with LF / POST",
                        "chunks that end with LF / HTTP/1.0"),
                Entry.of("outcome", "200", "502", invalid, "HTTP/2.0 / GET", "HTTP/2.0 / POST"),
                Entry.of("outcome", "0", "502", invalid, "status 42 / GET", "status 42 / POST"),
                Entry.of(
                        "outcome",
                        "no response",
                        "502",
                        invalid,
                        "something else than HTTP / GET",
                        "something else than HTTP / POST"));
    }
}
