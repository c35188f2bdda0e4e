package io.tidegate;

import io.tidegate.grip.GripOptions;
import io.tidegate.history.JournalOptions;
import io.tidegate.http.HttpOptions;
import io.tidegate.limit.LimitOptions;
import io.tidegate.limit.StreamLimits;
import io.tidegate.ops.ManagementOptions;
import io.tidegate.origin.Origin;
import io.tidegate.overload.OverloadOptions;
import io.tidegate.rate.Rate;
import io.tidegate.rate.RequestLimits;
import io.tidegate.recipe.DeployOptions;
import io.tidegate.sse.StreamOptions;
import io.tidegate.tap.Tap;
import io.tidegate.token.AuthOptions;
import io.tidegate.token.Role;
import io.tidegate.watch.Watch;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;

/** A whole gateway in this process on free ports, with tokens for each role and a client to talk to it. */
public final class TestNode implements AutoCloseable {

    private static final long PATIENCE_SECONDS = 30;

    /** All tests of a class are one client, and some ask a lot. */
    private static final Rate FAST = new Rate(6_000_000, 100_000);

    private static final LimitOptions WIDE = new LimitOptions(
            new RequestLimits(FAST, FAST, List.of(), RequestLimits.DEFAULTS.exempt(), 100),
            new StreamLimits(10_000, 10_000, 10_000, FAST));

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final Gateway gateway;
    private final String viewer;
    private final String publisher;

    private TestNode(Gateway gateway) {
        this.gateway = gateway;
        this.viewer = gateway.token("viewer", Role.VIEWER, Duration.ofHours(1));
        this.publisher = gateway.token("publisher", Role.PUBLISHER, Duration.ofHours(1));
    }

    public static TestNode start(Settings settings) throws Exception {
        return new TestNode(Gateway.start(settings).await(PATIENCE_SECONDS, TimeUnit.SECONDS));
    }

    /** A node that goes by a clock. */
    public static TestNode start(Settings settings, Clock clock) throws Exception {
        return new TestNode(Gateway.start(settings, clock).await(PATIENCE_SECONDS, TimeUnit.SECONDS));
    }

    public static TestNode start(Path data) throws Exception {
        return start(settings(data, UnaryOperator.identity(), List.of()));
    }

    /** The defaults on free ports, with the streams and origins that a test wants. */
    public static Settings settings(Path data, UnaryOperator<StreamOptions> streams, List<Origin> origins) {
        Settings standard = Settings.DEFAULTS;
        return new Settings(
                data.toString(),
                new HttpOptions(
                        "127.0.0.1", 0, 2, HttpOptions.DEFAULTS.maxBody(), HttpOptions.DEFAULTS.trustedProxies()),
                new ManagementOptions("127.0.0.1", 0),
                standard.auth(),
                JournalOptions.DEFAULTS,
                streams.apply(standard.streams()),
                standard.poll(),
                standard.overload(),
                WIDE,
                DeployOptions.DEFAULTS,
                origins,
                List.of(),
                List.of(),
                standard.grip(),
                standard.ui());
    }

    /** The same with other limits. */
    public static Settings with(Settings base, LimitOptions limits) {
        return with(base, base.http(), base.overload(), limits);
    }

    /** The same with lists that are watched. */
    public static Settings watching(Settings base, List<Watch> watches) {
        return watching(base, watches, base.taps());
    }

    /** The same with lists that are watched and requests that are tapped. */
    public static Settings watching(Settings base, List<Watch> watches, List<Tap> taps) {
        return new Settings(
                base.data(),
                base.http(),
                base.management(),
                base.auth(),
                base.journal(),
                base.streams(),
                base.poll(),
                base.overload(),
                base.limits(),
                base.deploys(),
                base.origins(),
                watches,
                taps,
                base.grip(),
                base.ui());
    }

    /** The same with other options of HTTP. */
    public static Settings with(Settings base, HttpOptions http) {
        return with(base, http, base.overload(), base.limits());
    }

    public static Settings with(Settings base, OverloadOptions overload) {
        return with(base, base.http(), overload, base.limits());
    }

    public static Settings with(Settings base, GripOptions grip) {
        return with(base, base.http(), base.overload(), base.limits(), grip);
    }

    private static Settings with(Settings base, HttpOptions http, OverloadOptions overload, LimitOptions limits) {
        return with(base, http, overload, limits, base.grip());
    }

    private static Settings with(
            Settings base, HttpOptions http, OverloadOptions overload, LimitOptions limits, GripOptions grip) {
        return new Settings(
                base.data(),
                http,
                base.management(),
                base.auth(),
                base.journal(),
                base.streams(),
                base.poll(),
                overload,
                limits,
                base.deploys(),
                base.origins(),
                base.watches(),
                base.taps(),
                grip,
                base.ui());
    }

    /** The same with other options of tokens. */
    public static Settings with(Settings base, AuthOptions auth) {
        return new Settings(
                base.data(),
                base.http(),
                base.management(),
                auth,
                base.journal(),
                base.streams(),
                base.poll(),
                base.overload(),
                base.limits(),
                base.deploys(),
                base.origins(),
                base.watches(),
                base.taps(),
                base.grip(),
                base.ui());
    }

    public int port() {
        return gateway.httpPort();
    }

    public int managementPort() {
        return gateway.managementPort();
    }

    public Gateway gateway() {
        return gateway;
    }

    public String viewer() {
        return "Authorization: Bearer " + viewer;
    }

    public String publisher() {
        return "Authorization: Bearer " + publisher;
    }

    /** A stream with a viewer's token. */
    public TestStream stream(String path, String... headers) throws IOException {
        String[] all = java.util.Arrays.copyOf(headers, headers.length + 1);
        all[headers.length] = viewer();
        return TestStream.open(port(), path, all);
    }

    public HttpResponse<String> get(String path, String... headers) throws Exception {
        return send("GET", path, "", headers);
    }

    /** Sends with a publisher's token and, where there is a body, as JSON. */
    public HttpResponse<String> send(String method, String path, String body, String... headers) throws Exception {
        HttpRequest.Builder request = request(path)
                .method(method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
                .header("Authorization", "Bearer " + publisher);
        if (!body.isEmpty()) {
            request.setHeader("Content-Type", "application/json");
        }
        for (int i = 0; i < headers.length; i += 2) {
            request.setHeader(headers[i], headers[i + 1]);
        }
        return client.send(request.build(), BodyHandlers.ofString());
    }

    /** Sends as it is, without a token. */
    public HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        return client.send(request.build(), BodyHandlers.ofString());
    }

    public HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port() + path))
                .timeout(Duration.ofSeconds(PATIENCE_SECONDS));
    }

    public HttpResponse<String> management(String path) throws Exception {
        return client.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + managementPort() + path))
                        .build(),
                BodyHandlers.ofString());
    }

    /** Publishes one event and gives the answer, which must be 200. */
    public JsonObject publish(String topic, String type, String data) throws Exception {
        HttpResponse<String> answer = send(
                "POST", "/api/events", "{\"topic\":\"" + topic + "\",\"type\":\"" + type + "\",\"data\":" + data + "}");
        if (answer.statusCode() != 200) {
            throw new AssertionError(answer.statusCode() + " " + answer.body());
        }
        return new JsonObject(answer.body());
    }

    @Override
    public void close() {
        gateway.stop()
                .toCompletionStage()
                .toCompletableFuture()
                .orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS)
                .join();
    }
}
