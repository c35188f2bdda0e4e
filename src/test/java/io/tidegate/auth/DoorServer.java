package io.tidegate.auth;

import io.tidegate.access.Caller;
import io.tidegate.access.Role;
import io.tidegate.auth.token.AuthOptions;
import io.tidegate.auth.token.Tokens;
import io.tidegate.event.TopicPattern;
import io.tidegate.fixture.TestCertificate;
import io.tidegate.fixture.TestClock;
import io.tidegate.problem.Problem;
import io.tidegate.problem.ProblemException;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import javax.net.SocketFactory;
import javax.net.ssl.SSLContext;

/**
 * Starts a real server with one route for each role, and a client that sends exactly the bytes that a test specifies.
 */
final class DoorServer {

    static final Duration TOKEN_TTL = Duration.ofHours(8);

    final TestClock clock = new TestClock("2031-05-06T07:08:09Z");
    final Tokens tokens;
    final Tickets tickets;
    final byte[] key;
    final int port;
    private final Vertx vertx;

    private final AuthOptions auth;
    private final SocketFactory sockets;

    /** Starts a server for plain HTTP. */
    DoorServer(Vertx vertx, Path data) throws Exception {
        this(vertx, data, AuthOptions.DEFAULTS);
    }

    DoorServer(Vertx vertx, Path data, AuthOptions auth) throws Exception {
        this(vertx, data, auth, new HttpServerOptions(), SocketFactory.getDefault());
    }

    private DoorServer(Vertx vertx, Path data, AuthOptions auth, HttpServerOptions options, SocketFactory sockets)
            throws Exception {
        this.vertx = vertx;
        this.auth = auth;
        this.sockets = sockets;
        tickets = new Tickets(auth, clock);
        tokens = Tokens.open(data, AuthOptions.DEFAULTS, clock);
        key = Files.readAllBytes(data.resolve("tidegate.key"));
        port = vertx.createHttpServer(options)
                .requestHandler(router())
                .listen(0, "127.0.0.1")
                .await(10, TimeUnit.SECONDS)
                .actualPort();
    }

    /** Starts a server for HTTPS, with a self-signed certificate. */
    static DoorServer overTls(Vertx vertx, Path data) throws Exception {
        TestCertificate certificate = TestCertificate.make("EC");
        HttpServerOptions options = new HttpServerOptions().setSsl(true).setKeyCertOptions(certificate.serverOptions());
        SSLContext context = TestCertificate.trusting(certificate);
        return new DoorServer(vertx, data, AuthOptions.DEFAULTS, options, context.getSocketFactory());
    }

    String token(String subject, Role role) {
        return tokens.mint(subject, role, List.of(TopicPattern.ALL), TOKEN_TTL);
    }

    String ticket(String subject, Role role) {
        String token = token(subject, role);
        return tickets.issue(tokens.verify(token).result(), token).text();
    }

    String host() {
        return "127.0.0.1:" + port;
    }

    /** Sends a request without a body. Each header is a whole line; {@code Host} is added. */
    Answer send(String method, String target, String... headers) throws IOException {
        StringBuilder request = new StringBuilder(method + ' ' + target + " HTTP/1.1\r\n");
        request.append("Host: ").append(host()).append("\r\nConnection: close\r\n");
        for (String header : headers) {
            request.append(header).append("\r\n");
        }
        if (method.equals("POST")) {
            request.append("Content-Length: 0\r\n");
        }
        try (Socket socket = sockets.createSocket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(request.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1));
            return Answer.of(new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
        }
    }

    private Router router() {
        Guard guard = new Guard(tokens, tickets, auth);
        Router router = Router.router(vertx);
        router.route().failureHandler(DoorServer::render);
        router.get().handler(new SignIn(tokens, tickets, auth, clock, request -> ""));
        router.post("/api/ticket").handler(guard.require(Role.VIEWER)).handler(new TicketHandler(tickets));
        router.post("/api/sign-out").handler(new SignOut(auth, request -> ""));
        router.post("/unguarded/ticket").handler(new TicketHandler(tickets));
        router.route("/unguarded").handler(DoorServer::respondWithCaller);
        for (Role role : Role.values()) {
            router.route("/" + role.text()).handler(guard.require(role)).handler(DoorServer::respondWithCaller);
        }
        router.get().handler(ctx -> ctx.end("page"));
        return router;
    }

    private static void respondWithCaller(RoutingContext ctx) {
        Caller caller = Caller.of(ctx);
        ctx.json(new JsonObject()
                .put("subject", caller.subject())
                .put("role", caller.role().text()));
    }

    private static void render(RoutingContext ctx) {
        if (ctx.failure() instanceof ProblemException refused) {
            Problem problem = refused.problem();
            ctx.response()
                    .setStatusCode(problem.code().status())
                    .putHeader("Content-Type", Problem.MEDIA_TYPE)
                    .end(problem.toJson().encode());
        } else {
            ctx.response().setStatusCode(500).end(String.valueOf(ctx.failure()));
        }
    }

    record Answer(int status, List<String> head, String body) {

        static Answer of(String text) {
            int end = text.indexOf("\r\n\r\n");
            List<String> lines = List.of(text.substring(0, end).split("\r\n", -1));
            return new Answer(
                    Integer.parseInt(lines.get(0).split(" ", -1)[1]),
                    lines.subList(1, lines.size()),
                    text.substring(end + 4));
        }

        JsonObject json() {
            return new JsonObject(body);
        }

        /** Returns the stable code of a problem, or {@code ok}. */
        String code() {
            return status < 400 ? "ok" : json().getString("code");
        }

        Optional<String> header(String name) {
            String start = name.toLowerCase(Locale.ROOT) + ": ";
            List<String> found = head.stream()
                    .filter(line -> line.toLowerCase(Locale.ROOT).startsWith(start))
                    .map(line -> line.substring(start.length()))
                    .toList();
            if (found.size() > 1) {
                throw new AssertionError(name + " twice: " + found);
            }
            return found.stream().findFirst();
        }
    }
}
