package io.tidegate.node;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tidegate.config.ConfigProblem;
import io.tidegate.config.ConfigReader;
import io.tidegate.config.ConfigResult;
import io.tidegate.config.Environment;
import io.tidegate.config.Setting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests that invalid settings are refused and that each problem is reported at the invalid key. */
class SettingsTest {

    private final Path folder;

    SettingsTest(@TempDir Path folder) {
        this.folder = folder;
    }

    @ParameterizedTest
    @CsvSource(
            ignoreLeadingAndTrailingWhitespace = false,
            value = {
                "data,' '",
                "http.host,' '",
                "http.port,-1",
                "http.event-loops,-1",
                "http.max-body,0",
                "shutdown.time-limit,5s",
                "shutdown.time-limit,2h",
                "management.host,' '",
                "management.port,65536",
                "auth.issuer,' '",
                "auth.audience,' '",
                "auth.key-file,' '",
                "auth.ticket-idle,0s",
                "auth.ticket-max,1s",
                "auth.tickets-per-subject,0",
                "auth.keys.every,0s",
                "auth.keys.cool-down,0s",
                "journal.recent-events,0",
                "journal.recent-bytes,0",
                "journal.retention.deploys.events,0",
                "journal.retention.deploys.age,0s",
                "journal.retention.deploys.bytes,-1MiB",
                "journal.retention.deploys.keys,0",
                "streams.heartbeat,0s",
                "streams.retry,-1s",
                "streams.send-buffer,0",
                "streams.max-lag,0s",
                "streams.max-lag-bytes,0",
                "poll.limit,0",
                "poll.max-limit,99",
                "poll.max-wait,-1s",
                "overload.descriptors,0",
                "overload.heap,101",
                "overload.bodies,0",
                "overload.connections,0",
                "http.limits.request-line-bytes,0",
                "http.limits.header-bytes,0",
                "http.limits.headers,0",
                "http.tls.hsts,-1s",
                "http.limits.head-time,0s",
                "http.limits.head-time,2h",
                "http.limits.read-time,0s",
                "http.limits.body-rate,-1",
                "http.limits.write-time,2h",
                "http.limits.idle-time,0s",
                "deploys.max-runs,0",
                "deploys.directory,' '",
                "deploys.default-recipe,none",
                "deploys.recipes.demo.time-limit,0s"
            })
    void aValueOutOfItsBoundsIsReportedAtItsKey(String path, String text) {
        assertEquals(List.of(path), paths(Optional.empty(), List.of(new Setting(path, text, "test"))));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "issuer | ' ', tidegate, [RS256], a.pem",
                "issuer | tidegate, tidegate, [RS256], a.pem",
                "issuer | 'a|b', tidegate, [RS256], a.pem",
                "audience | a, ' ', [RS256], a.pem",
                "algorithms | a, b, [], a.pem",
                "algorithms[0] | a, b, [none], a.pem",
                "algorithms[1] | a, b, [RS256, rs384], a.pem",
                "algorithms | a, b, [HS256], 'https://id.example/jwks'",
                "keys | a, b, [RS256], ' '",
                "keys | a, b, [RS256], 'http://id.example/jwks'",
                "keys | a, b, [RS256], 'http://localhost.id.example/jwks'",
                "keys | a, b, [RS256], 'http://me@localhost/jwks'",
                "keys | a, b, [RS256], 'https://me:secret@id.example/jwks'",
                "keys | a, b, [RS256], 'file:///etc/passwd'",
                "keys | a, b, [RS256], 'https:///jwks'",
            })
    void anIssuerThatCannotBeTrustedIsRefused(String key, String parts) throws IOException {
        String[] values = parts.split(", (?![^\\[]*])", -1);
        String yaml = "{issuer: %s, audience: %s, algorithms: %s, keys: %s}".formatted((Object[]) values);
        Path file = Files.writeString(folder.resolve("x.yaml"), "auth: {issuers: [" + yaml + "]}\n");
        assertEquals(List.of("auth.issuers[0]." + key), paths(Optional.of(file), List.of()));
    }

    @ParameterizedTest
    @CsvSource({
        "http.api-path, /",
        "http.api-path, live",
        "http.api-path, /a//b",
        "http.api-path, /%6cive",
        "http.api-path, /health",
        "http.api-path, /events",
        "http.api-path, /events/x",
        "http.api-path, /deployment",
        "ui.path, /health/",
        "ui.path, /events/",
        "ui.path, /assets/x/",
        "ui.path, /start/",
        "ui.path, /api/sessions/",
        "ui.path, /api/events/x/",
        "ui.path, /api/server/"
    })
    void aPathThatCannotBeTheGatewaysOwnIsRefused(String key, String text) {
        assertEquals(List.of(key), paths(Optional.empty(), List.of(new Setting(key, text, "test"))));
    }

    @ParameterizedTest
    @CsvSource({
        "/live, /live/, ui.path",
        "/live, /live/sse/, ui.path",
        "/live, /live/events/, ui.path",
        "/live, /live/sessions/pages/, ui.path",
        "/ops/live, /ops/, ui.path",
        "/ops/api/x, /ops/, ui.path",
        "/ops/api, /ops/, ''",
        "/live, /live/pages/, ''",
        "/live/, /ops/, ''",
        "/a/b, /a/c/, ''",
        "/livex, /live/, ''"
    })
    void thePathsOfTheApiAndOfThePagesMustNotCollide(String api, String pages, String key) {
        List<Setting> both = List.of(new Setting("http.api-path", api, "test"), new Setting("ui.path", pages, "test"));
        assertEquals(key.isEmpty() ? List.of() : List.of(key), paths(Optional.empty(), both));
    }

    @Test
    void anIssuerIsNamedOnceAndItsClaimsMayBeLeftOutInPart() throws IOException {
        String a = "{issuer: a, audience: b, algorithms: [RS256], keys: 'http://127.0.0.1/', claims: {roles: scope}}";
        Path once = Files.writeString(folder.resolve("a.yaml"), "auth: {issuers: [" + a + "]}\n");
        assertEquals(List.of(), paths(Optional.of(once), List.of()));
        Path twice = Files.writeString(
                folder.resolve("b.yaml"), "auth: {anonymous: {topics: [a//b]}, issuers: [" + a + ", " + a + "]}\n");
        assertEquals(
                List.of("auth.anonymous.topics[0]", "auth.issuers[1].issuer"), paths(Optional.of(twice), List.of()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "prefix: a",
                "prefix: /a//b",
                "prefix: /a#b",
                "prefix: '/a?b'",
                "prefix: /a%2e",
                "prefix: '/a b'",
                "prefix: /a/./b",
                "prefix: /.."
            })
    void aPrefixThatIsNoPlainPathIsRefused(String prefix) throws IOException {
        assertEquals(List.of("origins[0].prefix"), origin("{" + prefix + ", url: 'http://127.0.0.1:3000'}"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ftp://a",
                "//a",
                "http:a",
                "http://",
                "http://a:0",
                "http://a:65536",
                "http://me@a",
                "http://a/b",
                "http://a?b",
                "http://a#b"
            })
    void aUrlThatIsNotAnAddressAloneIsRefused(String url) throws IOException {
        assertEquals(List.of("origins[0].url"), origin("{prefix: /a, url: '" + url + "'}"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://a", "https://a:8443", "http://[::1]:3000", "http://10.0.0.1/"})
    void anAddressAloneIsTaken(String url) throws IOException {
        assertEquals(List.of(), origin("{prefix: /, url: '" + url + "'}"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "upgrades: [h2c] | origins[0].fields.upgrades",
                "upgrades: ['a b'] | origins[0].fields.upgrades",
                "pages: ['app.example.com'] | origins[0].fields.pages",
                "pages: ['http://a/b'] | origins[0].fields.pages",
                "request: {set: {Connection: close}} | origins[0].fields.request.set",
                "request: {set: {'X Y': a}} | origins[0].fields.request.set",
                "response: {remove: [Content-Length]} | origins[0].fields.response.remove"
            })
    void fieldsThatCannotBeChangedAreRefused(String fields, String path) throws IOException {
        assertEquals(List.of(path), origin("{prefix: /, url: 'http://a', fields: {" + fields + "}}"));
    }

    @Test
    void fieldsAreChangedPerOrigin() throws IOException {
        assertEquals(
                List.of(),
                origin(
                        "{prefix: /, url: 'http://a', fields: {upgrades: [], pages: [http://localhost:5173, 'null', '*'],"
                                + " early-hints: true, request: {set: {X-Key: \"a b\"}}, response: {remove: [Server]}}}"));
    }

    @Test
    void aRecipeHasACommand() throws IOException {
        Path file = Files.writeString(
                folder.resolve("x.yaml"),
                "deploys: {recipes: {demo: {command: []}, other: {command: [' '], time-limit: 1s}}}\n");
        assertEquals(
                List.of("deploys.recipes.demo.command", "deploys.recipes.other.command"),
                paths(Optional.of(file), List.of()));
    }

    @Test
    void bothListenersMayShareAPortOnDifferentAddressesOrAskForFreeOnes() {
        Setting port = new Setting("management.port", "8080", "test");
        assertEquals(
                List.of(), paths(Optional.empty(), List.of(port, new Setting("management.host", "127.0.0.2", "test"))));
        assertEquals(
                List.of(),
                paths(
                        Optional.empty(),
                        List.of(new Setting("management.port", "0", "test"), new Setting("http.port", "0", "test"))));
    }

    private List<String> origin(String yaml) throws IOException {
        return paths(Optional.of(Files.writeString(folder.resolve("x.yaml"), "origins: [" + yaml + "]\n")), List.of());
    }

    private static List<String> paths(Optional<Path> file, List<Setting> settings) {
        ConfigResult<Settings> reading = new ConfigReader<>(Settings.DEFAULTS)
                .read(file, new Environment("TIDEGATE_", Set.of(), Map.of()), settings);
        return reading instanceof ConfigResult.Bad<Settings> bad
                ? bad.problems().stream().map(ConfigProblem::path).toList()
                : List.of();
    }
}
