package io.tidegate.kind;

import io.tidegate.access.Caller;
import io.tidegate.access.Role;
import io.tidegate.event.Kind;
import io.tidegate.event.TopicPattern;
import io.tidegate.journal.Journal;
import io.tidegate.journal.writer.JournalVerticle;
import io.tidegate.problem.Code;
import io.tidegate.problem.Problem;
import io.tidegate.problem.ProblemException;
import io.vertx.core.Deployable;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.Message;
import io.vertx.core.http.HttpClientAgent;
import io.vertx.core.http.HttpClientConnection;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpConnectOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Runs a real server on a free port, with a journal and the verticles that a test needs, and one client connection for
 * all requests of the test.
 */
public final class Gateway {

    private static final List<TopicPattern> NOT_SECRET = Stream.of(
                    "sessions/**", "instances/**", "items/**", "deploys/**", "server", "chat/**", "c/**")
            .map(TopicPattern::new)
            .toList();

    private volatile List<TopicPattern> publish = NOT_SECRET;

    public final Vertx vertx;
    public final Router router;
    public final Journal journal;
    /** The client is kept here because Vert.x closes a client, with its connections, when it is garbage-collected. */
    private final HttpClientAgent client;

    private final HttpClientConnection connection;

    /**
     * Starts the server and deploys the verticles.
     *
     * @param vertx the Vert.x instance of the test, which closes it
     */
    public Gateway(Vertx vertx, Journal journal, Deployable... verticles) {
        this.vertx = vertx;
        this.router = Router.router(vertx);
        this.journal = journal;
        this.client = vertx.createHttpClient();
        JournalVerticle.registerCodecs(vertx.eventBus());
        KindVerticle.registerCodecs(vertx.eventBus());
        await(vertx.deployVerticle(new JournalVerticle(journal)));
        for (Deployable verticle : verticles) {
            await(vertx.deployVerticle(verticle));
        }
        router.route().handler(BodyHandler.create(false).setBodyLimit(1 << 20));
        router.route().handler(this::authenticate).failureHandler(Gateway::answerProblem);
        HttpServer server =
                await(vertx.createHttpServer().requestHandler(router).listen(0, "127.0.0.1"));
        connection = await(
                client.connect(new HttpConnectOptions().setHost("127.0.0.1").setPort(server.actualPort())));
    }

    /** Returns the verticle of a kind whose rules follow from its lifecycle. */
    public static KindVerticle plain(Kind kind, Journal journal, Clock clock) {
        return new KindVerticle(kind, LifecycleRules.of(kind, clock), journal);
    }

    /** Allows callers to publish only to these topics; by default, callers may publish to all except {@code secret}. */
    public void grant(String... patterns) {
        publish = Stream.of(patterns).map(TopicPattern::new).toList();
    }

    /** Authenticates every request; the header {@code Caller} names the subject. */
    private void authenticate(RoutingContext ctx) {
        String subject = Optional.ofNullable(ctx.request().getHeader("Caller")).orElse("somebody");
        new Caller(subject, Role.PUBLISHER, List.of(TopicPattern.ALL), publish, Caller.NEVER).attachTo(ctx);
        ctx.next();
    }

    /** A response. */
    public record Answer(int status, MultiMap headers, String body) {

        public JsonObject json() {
            return new JsonObject(body);
        }

        /** Returns the code of a problem after checking its form. */
        public String code() {
            if (!Problem.MEDIA_TYPE.equals(headers.get("Content-Type")) || json().getInteger("status") != status) {
                throw new AssertionError(status + " without a problem: " + body);
            }
            return json().getString("code");
        }

        public String detail() {
            return json().getString("detail");
        }
    }

    public Answer send(HttpMethod method, String path, @Nullable String type, Buffer body) {
        return await(sending(method, path, type, body, MultiMap.caseInsensitiveMultiMap()));
    }

    /** Sends a request without waiting; further requests queue on the same connection. */
    public Future<Answer> sending(
            HttpMethod method, String path, @Nullable String type, Buffer body, MultiMap headers) {
        return connection
                .request(new RequestOptions().setMethod(method).setURI(path))
                .compose(request -> {
                    request.headers().addAll(headers);
                    if (type != null) {
                        request.putHeader("Content-Type", type);
                    }
                    // The body is requested on the connection's event loop, because it is lost if it arrives before the
                    // request for it.
                    return request.send(body).compose(Gateway::answer);
                });
    }

    private static Future<Answer> answer(HttpClientResponse response) {
        return response.body().map(body -> new Answer(response.statusCode(), response.headers(), body.toString()));
    }

    public Answer send(HttpMethod method, String path, String json) {
        return send(method, path, "application/json", Buffer.buffer(json));
    }

    public Answer send(HttpMethod method, String path) {
        return send(method, path, null, Buffer.buffer());
    }

    /** Sends a command over the bus, as the handler does. */
    public Future<Outcome> command(String address, Command command) {
        return vertx.eventBus().<Outcome>request(address, command).map(Message::body);
    }

    public static <T> T await(Future<T> future) {
        try {
            return future.await(20, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new AssertionError("no result within 20 seconds", e);
        }
    }

    private static void answerProblem(RoutingContext ctx) {
        Problem problem = ctx.failure() instanceof ProblemException refused
                ? refused.problem()
                : Problem.of(ctx.statusCode() == 413 ? Code.PAYLOAD_TOO_LARGE : Code.INTERNAL, "failed");
        ctx.response()
                .setStatusCode(problem.code().status())
                .putHeader("Content-Type", Problem.MEDIA_TYPE)
                .end(problem.toJson().encode());
    }
}
