package io.tidegate.corpus;

import io.tidegate.auth.token.IssuerOptions;
import io.tidegate.auth.token.KeyOptions;
import io.tidegate.auth.token.TestIssuer;
import io.tidegate.edge.connection.ConnectionLimits;
import io.tidegate.edge.limit.LimitOptions;
import io.tidegate.edge.limit.Rate;
import io.tidegate.edge.limit.RateRule;
import io.tidegate.edge.limit.RequestLimits;
import io.tidegate.edge.limit.StreamLimits;
import io.tidegate.edge.tls.TlsOptions;
import io.tidegate.fixture.TestNode;
import io.tidegate.fixture.TestSettings;
import io.tidegate.http.CorsOptions;
import io.tidegate.http.HttpOptions;
import io.tidegate.proxy.origin.Origin;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The target of the rows: a node with the callers' keys, an origin, and high rate limits except under {@code /few}. */
final class CorpusNode implements AutoCloseable {

    /** The data of an event on a topic that {@link Callers#NARROW} may not read. */
    static final String CLOSED = "hush-hush";

    private static final long TIMEOUT_SECONDS = 20;
    private static final Rate WIDE = new Rate(6_000_000, 100_000);

    private final TestNode node;
    private final String ticket;
    private final String ended;

    private CorpusNode(TestNode node) throws Exception {
        this.node = node;
        node.publish("closed/x", "t", "\"" + CLOSED + "\"");
        ticket = ticket(Callers.VIEWER);
        ended = ticket(Callers.bearer(Callers.token("eva", "viewer", "**")));
        HttpResponse<String> end = node.send(node.request("/api/streams?subject=eva")
                .DELETE()
                .header("Authorization", Callers.ADMIN.substring("Authorization: ".length())));
        if (end.statusCode() >= 300) {
            throw new AssertionError(end.body());
        }
    }

    /**
     * Starts the node and the origin behind it.
     *
     * @param vertx the Vert.x instance of the test, which runs the origin
     * @param behindProxy whether to trust proxies on this machine
     */
    static CorpusNode start(Vertx vertx, Path data, boolean behindProxy) throws Exception {
        Files.createDirectories(
                data, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        write(data.resolve("tidegate.key"), Callers.KEY);
        JsonObject keys = TestIssuer.jwks(TestIssuer.jwk(Callers.KEY_ID, Callers.RSA.getPublic()));
        write(data.resolve("jwks.json"), keys.toBuffer().getBytes());
        int origin = vertx.createHttpServer()
                .requestHandler(CorpusNode::echo)
                .listen(0, "127.0.0.1")
                .await(TIMEOUT_SECONDS, TimeUnit.SECONDS)
                .actualPort();
        HttpOptions standard = HttpOptions.DEFAULTS;
        HttpOptions http = new HttpOptions(
                "127.0.0.1",
                0,
                2,
                standard.maxBody(),
                behindProxy ? standard.trustedProxies() : List.of(),
                standard.trustedFields(),
                new CorsOptions(List.of(BrowserRows.LISTED)),
                ConnectionLimits.DEFAULTS,
                TlsOptions.DEFAULTS);
        List<RateRule> few = ForwardedRows.limited().stream()
                .map(prefix -> new RateRule(prefix, 1, ForwardedRows.BURST))
                .toList();
        LimitOptions limits = new LimitOptions(
                new RequestLimits(WIDE, WIDE, WIDE, few, RequestLimits.DEFAULTS.exempt(), 1000),
                new StreamLimits(10_000, 10_000, 10_000, WIDE));
        IssuerOptions issuer = new IssuerOptions(Callers.ISSUER, "tidegate", List.of("RS256"), "jwks.json");
        List<Origin> origins = List.of(new Origin("/shop", URI.create("http://127.0.0.1:" + origin)));
        return new CorpusNode(TestNode.start(TestSettings.in(data)
                .origins(origins)
                .http(http)
                .limits(limits)
                .auth(TestIssuer.options(KeyOptions.DEFAULTS, issuer))
                .build()));
    }

    int port() {
        return node.port();
    }

    TestNode node() {
        return node;
    }

    /** Returns the request with its placeholders replaced, for its n-th repetition. */
    String request(Row row, int n) {
        return row.request()
                .replace("{n}", Integer.toString(n))
                .replace("{ticket}", ticket)
                .replace("{ended}", ended);
    }

    /** Returns the cursor of the last event in the journal. */
    String cursor() throws Exception {
        return node.get("/api/events?limit=1")
                .headers()
                .firstValue("Tidegate-Cursor")
                .orElseThrow();
    }

    @Override
    public void close() {
        node.close();
    }

    /** Responds with the request head. */
    private static void echo(HttpServerRequest request) {
        StringBuilder head = new StringBuilder(request.method() + " " + request.uri() + "\n");
        request.headers()
                .forEach((name, value) ->
                        head.append(name).append(": ").append(value).append('\n'));
        request.response().end(head.toString());
    }

    private String ticket(String caller) throws Exception {
        HttpResponse<String> response = node.send(node.request("/api/ticket")
                .POST(BodyPublishers.noBody())
                .header("Authorization", caller.substring("Authorization: ".length())));
        return new JsonObject(response.body()).getString("ticket");
    }

    private static void write(Path file, byte[] bytes) throws Exception {
        Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.write(file, bytes);
    }
}
