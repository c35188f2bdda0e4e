package io.tidegate.proxy.differential;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidegate.fixture.Needs;
import io.tidegate.fixture.TestNginx;
import io.tidegate.fixture.TestNode;
import io.tidegate.fixture.TestOrigin;
import io.tidegate.fixture.TestSettings;
import io.tidegate.http.HttpOptions;
import io.tidegate.proxy.differential.ComparisonRows.Row;
import io.tidegate.proxy.differential.RowResult.Difference;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Sends the same rows, byte by byte, through nginx and through the gateway, and compares the requests that the
 * origin received and the responses that the client received. Every difference must be in {@link AcceptedDifferences}
 * or {@link KnownDefects}.
 *
 * <p>Not compared: {@code Via}, {@code Forwarded}, {@code X-Forwarded-For}, {@code -Host} and {@code -Proto},
 * {@code X-Real-IP}, {@code Date}, {@code Server}, {@code Connection} and {@code Keep-Alive}, which each proxy writes
 * for itself (whether a connection is kept is tried instead); whether a body is chunked or has a length; the order of
 * fields with different names; the text of responses that a proxy itself has written; and requests that reach the
 * origin incompletely, because nginx reads the body before it connects.
 */
@Needs("nginx")
@Timeout(120)
class DifferentialTest {

    private static final List<Entry> ACCEPTED = AcceptedDifferences.all();
    private static final List<Entry> DEFECTS = KnownDefects.all();

    private final Path folder;

    DifferentialTest(@TempDir Path folder) {
        this.folder = folder;
    }

    @Test
    void everyDifferenceFromNginxIsListedWithItsReason() throws Exception {
        Map<Row, List<Difference>> seen = differences(ComparisonRows.all());
        List<String> problems = new ArrayList<>();
        List<Entry> entries = Stream.concat(ACCEPTED.stream(), DEFECTS.stream()).toList();
        seen.forEach((row, differences) -> differences.stream()
                .filter(difference -> entries.stream().noneMatch(entry -> entry.covers(row.name(), difference)))
                .forEach(difference -> problems.add("not listed: " + row.name() + ": " + difference)));
        problems.addAll(outdated(ACCEPTED, seen, "differs no longer: "));
        problems.addAll(outdated(DEFECTS, seen, "is fixed, remove it from KnownDefects: "));
        assertEquals("", String.join("\n", problems));
    }

    @Test
    void theDocumentHasTheTableOfDifferences() throws Exception {
        String table = ACCEPTED.stream().map(Entry::markdown).collect(Collectors.joining("\n"));
        String section = Files.readString(Path.of("src/docs/protocol.md"))
                .replaceFirst("(?s).*\n## Differences from nginx\n", "")
                .replaceFirst("(?s)\n## .*", "");
        String documented =
                section.lines().filter(line -> line.startsWith("| `")).collect(Collectors.joining("\n"));
        assertEquals(table, documented);
    }

    @Test
    void thereAreEnoughRowsWithNamesOfTheirOwn() {
        List<String> names = ComparisonRows.all().stream().map(Row::name).toList();
        assertEquals(names.size(), Set.copyOf(names).size());
        assertTrue(RequestForms.all().size() >= 150);
    }

    /** Returns the rows of entries that the comparison has not shown. */
    private static List<String> outdated(List<Entry> entries, Map<Row, List<Difference>> seen, String message) {
        Map<String, List<Difference>> byName = new HashMap<>();
        seen.forEach((row, differences) -> byName.put(row.name(), differences));
        return entries.stream()
                .flatMap(entry -> entry.rows().stream()
                        .filter(row -> !byName.getOrDefault(row, List.of()).contains(entry.difference()))
                        .map(row -> message + row + ": " + entry.difference()))
                .toList();
    }

    private Map<Row, List<Difference>> differences(List<Row> rows) throws Exception {
        try (RecordingOrigin behindNginx = new RecordingOrigin();
                RecordingOrigin behindGateway = new RecordingOrigin();
                TestNginx nginx = nginx(behindNginx.port());
                TestNode gateway = TestNode.start(TestSettings.in(folder.resolve("data"))
                        .http(oneEventLoop())
                        .origins(TestOrigin.of("/", behindGateway.port()))
                        .build())) {
            CompletableFuture<List<RowResult>> ofNginx =
                    CompletableFuture.supplyAsync(() -> observe(rows, new Subject(nginx.port(), behindNginx)));
            List<RowResult> ofGateway = observe(rows, new Subject(gateway.port(), behindGateway));
            Map<Row, List<Difference>> differences = new LinkedHashMap<>();
            for (int i = 0; i < rows.size(); i++) {
                differences.put(rows.get(i), RowResult.compare(ofNginx.get().get(i), ofGateway.get(i)));
            }
            return differences;
        }
    }

    /** Whether a row finds a connection to the origin that it can use again must not depend on its event loop. */
    private static HttpOptions oneEventLoop() {
        return new HttpOptions(
                "127.0.0.1", 0, 1, HttpOptions.DEFAULTS.maxBody(), HttpOptions.DEFAULTS.trustedProxies());
    }

    private static List<RowResult> observe(List<Row> rows, Subject subject) {
        List<RowResult> seen = new ArrayList<>();
        for (Row row : rows) {
            try {
                seen.add(subject.observe(row.form(), row.behaviour()));
            } catch (IOException failed) {
                throw new UncheckedIOException(row.name(), failed);
            }
        }
        return seen;
    }

    private TestNginx nginx(int origin) throws Exception {
        int port = TestNginx.freePort();
        return TestNginx.serving(
                Files.createDirectories(folder.resolve("nginx")),
                port,
                """
                access_log off;
                map $http_upgrade $upgraded { default ""; websocket upgrade; }
                upstream origin { server 127.0.0.1:%d; keepalive 8; }
                server {
                    listen 127.0.0.1:%d;
                    client_max_body_size 0;
                    location / {
                        proxy_pass http://origin;
                        proxy_http_version 1.1;
                        proxy_set_header Host $http_host;
                        proxy_set_header Connection $upgraded;
                        proxy_set_header Upgrade $http_upgrade;
                    }
                }
                """
                        .formatted(origin, port));
    }
}
