package io.tidegate.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidegate.fixture.RawClient;
import io.tidegate.fixture.TestNode;
import io.tidegate.fixture.TestOrigin;
import io.tidegate.fixture.TestSettings;
import io.tidegate.http.HttpOptions;
import io.tidegate.proxy.origin.Origin.HostPolicy;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.junit5.VertxExtension;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * Sends every field of the two tables in {@code src/docs/protocol.md} through a gateway, and other fields that must be
 * forwarded.
 */
@SuppressWarnings("NullAway.Init") // filled before each test
@ExtendWith(VertxExtension.class)
class FieldTablesTest {

    private static final Pattern ROW = Pattern.compile("^\\| (`[^|]*`) \\| ([a-z]+) \\|", Pattern.MULTILINE);
    private static final String PLAIN = "probe";
    private static final String TICKET = "ticket=tide-" + "s".repeat(43);
    private static final Map<String, String> IN_REQUESTS = Map.of(
            "Cookie", "tidegate=x; a=1",
            "Referer", "http://app.example/?" + TICKET,
            "Destination", "https://app.example/app/x",
            "If", "<https://app.example/app/x> ([\"e\"])",
            "Max-Forwards", "5",
            "X-Forwarded-Prefix", "/live",
            "X-Forwarded-Host", "old.example, public.example",
            "Via", "1.0 fred",
            "TE", "trailers",
            "Upgrade", "h2c");
    private static final Map<String, String> IN_RESPONSES = Map.of(
            "Location", "/login",
            "Content-Location", "/login",
            "Refresh", "1; url=/login",
            "Link", "</login>; rel=next",
            "Set-Cookie", "a=1; Path=/",
            "Via", "1.0 fred");
    private static final List<String> PASSING = List.of(
            "Accept",
            "Accept-Encoding",
            "Authorization",
            "Cache-Control",
            "Content-Security-Policy",
            "Content-Type",
            "DNT",
            "ETag",
            "From",
            "Grip-Sig",
            "HTTP2-Settings",
            "If-Match",
            "If-None-Match",
            "Origin",
            "Pragma",
            "Priority",
            "Range",
            "Retry-After",
            "Sec-Fetch-Site",
            "Server",
            "Strict-Transport-Security",
            "User-Agent",
            "Vary",
            "WWW-Authenticate",
            "X-Accel-Buffering",
            "X-Content-Type-Options",
            "X-Real",
            "X-Request-ID",
            "X_Underscore",
            "traceparent");

    @TempDir
    private Path folder;

    private TestNode trusting;
    private TestNode strict;
    private volatile String received = "";
    private volatile String added = "";

    @BeforeEach
    void start(Vertx vertx) throws Exception {
        int port = vertx.createNetServer()
                .connectHandler(socket -> {
                    Buffer head = Buffer.buffer();
                    socket.handler(part -> {
                        if (head.appendBuffer(part).toString().endsWith("\r\n\r\n")) {
                            received = head.toString();
                            socket.end(Buffer.buffer("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n" + added + "\r\nok"));
                        }
                    });
                })
                .listen(0, "127.0.0.1")
                .await(10, TimeUnit.SECONDS)
                .actualPort();
        trusting = node("trusting", port, HttpOptions.DEFAULTS.trustedProxies());
        strict = node("strict", port, List.of());
    }

    private TestNode node(String name, int port, List<String> proxies) throws Exception {
        return TestNode.start(TestSettings.in(folder.resolve(name))
                .origins(TestOrigin.passing(TestOrigin.of("/app", port), true, HostPolicy.PRESERVE))
                .http(new HttpOptions("127.0.0.1", 0, 1, HttpOptions.DEFAULTS.maxBody(), proxies))
                .build());
    }

    @AfterEach
    void stop() {
        trusting.close();
        strict.close();
    }

    @Test
    void requestsPassAsTheTableSays() throws Exception {
        Map<String, String> rows = rows("Fields of requests");
        Map<String, List<String>> control = request("", "");
        Map<String, String> observed = new LinkedHashMap<>();
        for (String name : withPassing(rows)) {
            String value = IN_REQUESTS.getOrDefault(name, PLAIN);
            String effect = effect(name, value, control, atOrigin(trusting, name, value));
            String elsewhere = effect(name, value, control, atOrigin(strict, name, value));
            observed.put(
                    name,
                    effect.equals(elsewhere)
                            ? effect
                            : effect.equals("passed") && elsewhere.equals("removed") ? "trusted" : effect + elsewhere);
        }
        assertEquals(lines(withEffects(rows)), lines(observed));
        assertEquals(present(rows), without(control, Set.of("host")));
        Set<String> trusted = new TreeSet<>(HttpOptions.DEFAULTS.trustedFields());
        trusted.remove("X-Forwarded-Prefix");
        assertEquals(
                trusted,
                rows.keySet().stream()
                        .filter(name -> rows.get(name).equals("trusted"))
                        .collect(Collectors.toCollection(TreeSet::new)));
    }

    @Test
    void responsesPassAsTheTableSays() throws Exception {
        Map<String, String> rows = rows("Fields of responses");
        Map<String, List<String>> control = response("", "");
        Map<String, String> observed = new LinkedHashMap<>();
        for (String name : withPassing(rows)) {
            String value = IN_RESPONSES.getOrDefault(name, PLAIN);
            // The Connection field that the client itself sends is not forwarded to the origin.
            Map<String, List<String>> seen = response(name, value);
            seen.remove("connection");
            observed.put(name, effect(name, value, control, seen));
        }
        assertEquals(lines(withEffects(rows)), lines(observed));
        assertEquals(present(rows), without(control, Set.of("content-length", "connection")));
    }

    private static String effect(
            String name, String value, Map<String, List<String>> control, Map<String, List<String>> seen) {
        String key = name.toLowerCase(Locale.ROOT);
        List<String> values = seen.get(key);
        if (values == null) {
            return "removed";
        } else if (control.containsKey(key)) {
            return values.contains(value) ? "added" : "set";
        }
        return values.equals(List.of(value)) ? "passed" : "rewritten";
    }

    private Map<String, List<String>> atOrigin(TestNode node, String name, String value) throws Exception {
        added = "";
        received = "";
        String answer = exchange(node, name.equals("Max-Forwards") ? "OPTIONS" : "GET", name + ": " + value + "\r\n");
        assertTrue(received.contains(" /x HTTP/1.1\r\n"), () -> name + ": " + answer);
        return fields(received);
    }

    private Map<String, List<String>> request(String name, String value) throws Exception {
        added = "";
        exchange(trusting, "GET", name.isEmpty() ? "" : name + ": " + value + "\r\n");
        return fields(received);
    }

    private Map<String, List<String>> response(String name, String value) throws Exception {
        added = name.isEmpty() ? "" : name + ": " + value + "\r\n";
        String answer = exchange(trusting, "GET", "");
        assertTrue(answer.startsWith("HTTP/1.1 200 "), answer);
        return fields(answer);
    }

    private static String exchange(TestNode node, String method, String field) throws Exception {
        try (RawClient client = new RawClient(node.port())) {
            return client.send(
                            method + " /app/x HTTP/1.1\r\nHost: app.example\r\nConnection: close\r\n" + field + "\r\n")
                    .rest();
        }
    }

    private static Map<String, List<String>> fields(String message) {
        Map<String, List<String>> fields = new TreeMap<>();
        message.substring(0, message.indexOf("\r\n\r\n")).lines().skip(1).forEach(line -> {
            int colon = line.indexOf(':');
            fields.computeIfAbsent(line.substring(0, colon).toLowerCase(Locale.ROOT), name -> new ArrayList<>())
                    .add(line.substring(colon + 1).strip());
        });
        return fields;
    }

    private static Map<String, String> rows(String title) throws Exception {
        String text = Files.readString(Path.of("src/docs/protocol.md"));
        String section = text.substring(text.indexOf("\n### " + title + "\n"));
        Map<String, String> rows = new LinkedHashMap<>();
        ROW.matcher(section.substring(0, section.indexOf("\n#", 2))).results().forEach(row -> {
            for (String name : row.group(1).split(", ", -1)) {
                rows.put(name.replace("`", ""), row.group(2));
            }
        });
        return rows;
    }

    private static List<String> withPassing(Map<String, String> rows) {
        List<String> names = new ArrayList<>(rows.keySet());
        names.addAll(PASSING);
        return names;
    }

    private static Map<String, String> withEffects(Map<String, String> rows) {
        Map<String, String> effects = new LinkedHashMap<>(rows);
        PASSING.forEach(name -> effects.put(name, "passed"));
        return effects;
    }

    /** Returns the fields that a message contains even if the sender did not send them. */
    private static Set<String> present(Map<String, String> rows) {
        return rows.entrySet().stream()
                .filter(row -> Set.of("set", "added").contains(row.getValue()))
                .map(row -> row.getKey().toLowerCase(Locale.ROOT))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Set<String> without(Map<String, List<String>> fields, Set<String> names) {
        Set<String> left = new TreeSet<>(fields.keySet());
        left.removeAll(names);
        return left;
    }

    private static String lines(Map<String, String> effects) {
        return effects.entrySet().stream().map(Object::toString).collect(Collectors.joining("\n"));
    }
}
