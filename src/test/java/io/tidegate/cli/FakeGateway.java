package io.tidegate.cli;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.tidegate.access.Role;
import io.tidegate.auth.token.Tokens;
import io.tidegate.event.TopicPattern;
import io.tidegate.node.Reload;
import io.tidegate.node.Settings;
import io.vertx.core.Future;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** Replaces the gateway in tests of commands. Responds on a real port and records requests. */
final class FakeGateway implements Running {

    record Asked(String method, String path, String authorization, String accept, String body) {}

    final List<Asked> requests = new CopyOnWriteArrayList<>();
    final AtomicInteger stopped = new AtomicInteger();
    final int status;

    /** The settings of the last start. */
    volatile Settings settings = Settings.DEFAULTS;

    /** The result of the stop. */
    volatile Optional<String> incomplete = Optional.empty();

    private final HttpServer server;

    FakeGateway(int status) throws IOException {
        this.status = status;
        this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.start();
    }

    private void answer(HttpExchange exchange) throws IOException {
        requests.add(new Asked(
                exchange.getRequestMethod(),
                exchange.getRequestURI().toString(),
                header(exchange, "Authorization"),
                header(exchange, "Accept"),
                new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8)));
        byte[] body = "answered\n".getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    private static String header(HttpExchange exchange, String name) {
        String value = exchange.getRequestHeaders().getFirst(name);
        return value == null ? "" : value;
    }

    @Override
    public int httpPort() {
        return server.getAddress().getPort();
    }

    @Override
    public int managementPort() {
        return 9;
    }

    @Override
    public String ticket() {
        return "a-ticket";
    }

    @Override
    public String token(String subject, Role role, Duration ttl) {
        return Tokens.open(Path.of(settings.data()), settings.auth(), Clock.systemUTC())
                .mint(subject, role, List.of(TopicPattern.ALL), ttl);
    }

    @Override
    public Future<Reload> reload(Settings settings) {
        return Future.succeededFuture(new Reload(List.of(), List.of()));
    }

    @Override
    public Future<Optional<String>> stop() {
        stopped.incrementAndGet();
        server.stop(0);
        return Future.succeededFuture(incomplete);
    }
}
