package io.tidegate.proxy;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tidegate.edge.client.TrustedProxies;
import io.tidegate.edge.netty.Internals;
import io.tidegate.edge.netty.TestInternals;
import io.tidegate.fixture.Sockets;
import io.tidegate.fixture.TestOrigin;
import io.tidegate.problem.Problem;
import io.tidegate.problem.ProblemException;
import io.tidegate.proxy.origin.Origin;
import io.tidegate.proxy.origin.Origins;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;

/** Runs a real server that proxies to real origins, all on free ports of the loopback interface. */
final class ProxyServer {

    final Vertx vertx;
    private final MeterRegistry registry = new SimpleMeterRegistry();
    final OriginCounts counts = new OriginCounts(registry);
    private final List<Origin> configured = new ArrayList<>();
    private Origins origins = new Origins(List.of(), registry, 100);
    private int port;

    /**
     * Creates a proxy without origins.
     *
     * @param vertx the Vert.x instance of the test, which closes it
     */
    ProxyServer(Vertx vertx) {
        this.vertx = vertx;
    }

    /** Starts a server and adds it as the origin for a prefix. */
    ProxyServer origin(String prefix, Handler<HttpServerRequest> handler) throws Exception {
        return origin(prefix, server(handler));
    }

    ProxyServer origin(String prefix, int port) {
        return origin(TestOrigin.of(prefix, port));
    }

    ProxyServer origin(Origin origin) {
        configured.add(origin);
        return this;
    }

    /** Starts a server and returns its port. */
    int server(Handler<HttpServerRequest> handler) throws Exception {
        HttpServer server = vertx.createHttpServer().requestHandler(handler);
        return server.listen(0, "127.0.0.1").await(10, TimeUnit.SECONDS).actualPort();
    }

    ProxyServer start() throws Exception {
        return start(UnaryOperator.identity());
    }

    /** Starts the proxy after applying a change to each origin. */
    ProxyServer start(UnaryOperator<Origin> change) throws Exception {
        return start(change, TrustedProxies.NONE);
    }

    ProxyServer start(UnaryOperator<Origin> change, TrustedProxies trusted) throws Exception {
        origins = new Origins(configured.stream().map(change).toList(), registry, 100);
        Front front = new Front(origins, trusted);
        vertx.deployVerticle(front).await(10, TimeUnit.SECONDS);
        port = front.port;
        return this;
    }

    /** Waits until the metrics have this line. */
    void counted(String line) throws InterruptedException {
        counts.await(line);
    }

    Origins origins() {
        return origins;
    }

    int port() {
        return port;
    }

    URI uri(String path) {
        return URI.create("http://127.0.0.1:" + port + path);
    }

    Socket socket() throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(10_000);
        return socket;
    }

    /** Sends a raw request and reads until the gateway closes the connection. */
    String raw(String request) throws IOException {
        try (Socket socket = socket()) {
            Sockets.send(socket, request);
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        }
    }

    private static final class Front extends VerticleBase {

        private final Origins origins;
        private final TrustedProxies trusted;
        private volatile int port;

        Front(Origins origins, TrustedProxies trusted) {
            this.origins = origins;
            this.trusted = trusted;
        }

        @Override
        public Future<?> start() {
            Router router = Router.router(vertx);
            router.route()
                    .handler(new OriginProxy(vertx, Internals.USED, origins, trusted, ResponseInterceptor.NONE))
                    .failureHandler(Front::respond);
            return vertx.createHttpServer(new HttpServerOptions())
                    .connectionHandler(TestInternals::captureTrailers)
                    .requestHandler(router)
                    .listen(0, "127.0.0.1")
                    .onSuccess(server -> port = server.actualPort());
        }

        private static void respond(RoutingContext ctx) {
            if (ctx.failure() instanceof ProblemException refused) {
                Problem problem = refused.problem();
                ctx.response()
                        .setStatusCode(problem.code().status())
                        .putHeader(HttpHeaders.CONTENT_TYPE, Problem.MEDIA_TYPE)
                        .end(problem.toJson().toBuffer());
            } else {
                ctx.next();
            }
        }
    }
}
