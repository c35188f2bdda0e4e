package io.tidegate.corpus;

import static io.tidegate.corpus.Http.get;
import static io.tidegate.corpus.Row.answered;
import static io.tidegate.corpus.Row.refused;

import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Requests with spoofed client addresses, which neither the rate limiter nor an origin may trust. {@code /shop} echoes
 * requests.
 */
final class ForwardedRows {

    /** The number of requests that one client may send in a burst under each {@code /few/…}. */
    static final int BURST = 3;

    private static final List<String> SPOOFED = List.of(
            "X-Forwarded-For: 203.0.113.{n}",
            "X-Forwarded-For: 203.0.113.{n}, 127.0.0.1",
            "X-Forwarded-For: 203.0.113.{n}\r\nX-Forwarded-For: 198.51.100.{n}",
            "X-Forwarded-For: 2001:db8:{n}::1",
            "X-Forwarded-For: [2001:db8:{n}::1]:80",
            "X-Forwarded-For: unknown{n}",
            "x-forwarded-for: 203.0.113.{n}",
            "X_Forwarded_For: 203.0.113.{n}",
            "X-Forwarded-For:\t203.0.113.{n}",
            "Forwarded: for=203.0.113.{n}",
            "Forwarded: for=\"[2001:db8:{n}::1]\"",
            "Forwarded: for=_hidden{n}",
            "X-Real-IP: 203.0.113.{n}",
            "X-Client-IP: 203.0.113.{n}",
            "True-Client-IP: 203.0.113.{n}",
            "CF-Connecting-IP: 203.0.113.{n}",
            "X-Forwarded: for=203.0.113.{n}",
            "Via: 1.1 203.0.113.{n}",
            "Authorization: Bearer a.b.{n}",
            "Cookie: tidegate={n}",
            "User-Agent: {n}");

    /** Each prefix has its own rate limit. A spelling that the limiter took for another path would bypass the limit. */
    private static final List<String> SPELLED =
            List.of("/few/{row}?{n}", "/few/{row}/{n}", "/%66ew/{row}", "/few/{row};{n}", "/fe%77/{row}?x=/health");

    private ForwardedRows() {}

    /** Returns the prefixes that have their own rate limit. */
    static List<String> limited() {
        return IntStream.range(0, SPOOFED.size() + SPELLED.size())
                .mapToObj(i -> "/few/r" + i)
                .toList();
    }

    static Stream<Row> all() {
        return Stream.of(limits(), hopByHop(), clientAddress()).flatMap(rows -> rows);
    }

    private static Stream<Row> limits() {
        List<String> prefixes = limited();
        Stream<Row> spoofed = IntStream.range(0, SPOOFED.size())
                .mapToObj(i -> over("limit, made-up address", get(prefixes.get(i), SPOOFED.get(i))));
        Stream<Row> spelled = IntStream.range(0, SPELLED.size())
                .mapToObj(i -> over(
                        "limit, other spelling", get(SPELLED.get(i).replace("{row}", "r" + (SPOOFED.size() + i)))));
        return Stream.concat(spoofed, spelled);
    }

    private static Row over(String theme, String request) {
        return refused(theme, request, 429, "rate-limited").times(BURST + 1);
    }

    /**
     * Returns rows that check that hop-by-hop fields do not reach the origin and that a client cannot remove fields
     * that the origin needs.
     */
    private static Stream<Row> hopByHop() {
        return Stream.of(
                // nginx itself forwards fields that are named in Connection.
                passed("Connection: X-Secret", "X-Secret: hidden")
                        .lacks("X-Secret")
                        .nginx(200),
                passed("Connection: X-Other, X-Secret", "X-Secret: hidden")
                        .lacks("X-Secret")
                        .nginx(200),
                passed("Keep-Alive: timeout=hidden").lacks("hidden"),
                passed("TE: trailers, hidden").lacks("hidden"),
                passed("Proxy-Authorization: Basic hidden").lacks("hidden"),
                passed("Proxy-Connection: hidden").lacks("hidden"),
                passed(
                                "Upgrade: h2c",
                                "HTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA",
                                "Connection: Upgrade, HTTP2-Settings")
                        .lacks("h2c"),
                passed("Connection: X-Forwarded-For").has("X-Forwarded-For: 127.0.0.1"),
                passed("Connection: Forwarded, X-Forwarded-Proto, X-Forwarded-Host")
                        .has("X-Forwarded-Proto: http"),
                // nginx replaces the field.
                named("Host"),
                named("X-Other, host"),
                named("Content-Length"),
                named("Transfer-Encoding, X-Other"),
                named("Authorization"),
                named("Cookie"));
    }

    /** Returns rows that check that the origin gets the address of the client only from the gateway. */
    private static Stream<Row> clientAddress() {
        return Stream.of(
                        "X-Forwarded-For: 203.0.113.9",
                        "X-Forwarded-For: 203.0.113.9, 203.0.113.9",
                        "X-Forwarded-Host: 203.0.113.9",
                        "X-Forwarded-Server: 203.0.113.9",
                        "X-Forwarded-Prefix: /203.0.113.9",
                        "X_Forwarded_For: 203.0.113.9",
                        "X-Real-IP: 203.0.113.9",
                        "Forwarded: for=203.0.113.9;host=203.0.113.9")
                .map(header -> passed(header).lacks("203.0.113.9").has("X-Forwarded-For: 127.0.0.1"));
    }

    private static Row named(String fields) {
        return refused("hop by hop", get("/shop/a", "Connection: " + fields), 400, "malformed-request")
                .nginx(200);
    }

    private static Row passed(String... headers) {
        return answered("towards the origin", get("/shop/a", headers), 200);
    }
}
