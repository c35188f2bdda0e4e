package io.tidegate.proxy;

import io.tidegate.problem.Problem;
import io.tidegate.problem.ProblemException;
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
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Real origins behind a real server that proxies to them, all on free ports of the loopback. */
final class Gateway {

    static final Patience PATIENCE = new Patience(Duration.ofSeconds(5), Duration.ofSeconds(30));

    final Vertx vertx = Vertx.vertx();
    private final List<Origin> origins = new ArrayList<>();
    private int port;

    /** Starts an origin that answers for this prefix. */
    Gateway origin(String prefix, Handler<HttpServerRequest> handler) throws Exception {
        HttpServer server = vertx.createHttpServer().requestHandler(handler);
        return origin(
                prefix,
                server.listen(0, "127.0.0.1").await(10, TimeUnit.SECONDS).actualPort());
    }

    Gateway origin(String prefix, int port) {
        origins.add(new Origin(prefix, URI.create("http://127.0.0.1:" + port)));
        return this;
    }

    Gateway start() throws Exception {
        return start(PATIENCE);
    }

    Gateway start(Patience patience) throws Exception {
        Front front = new Front(origins, patience);
        vertx.deployVerticle(front).await(10, TimeUnit.SECONDS);
        port = front.port;
        return this;
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

    /** Sends these bytes and reads until the gateway closes. */
    String raw(String request) throws IOException {
        try (Socket socket = socket()) {
            send(socket, request);
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        }
    }

    static void send(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** Reads until what was read contains this, and fails when the peer closes before. */
    static String readUntil(Socket socket, String end) throws IOException {
        StringBuilder read = new StringBuilder();
        InputStream in = socket.getInputStream();
        while (read.indexOf(end) < 0) {
            int next = in.read();
            if (next < 0) {
                throw new IOException("closed after: " + read);
            }
            read.append((char) next);
        }
        return read.toString();
    }

    void close() throws Exception {
        vertx.close().await(30, TimeUnit.SECONDS);
    }

    private static final class Front extends VerticleBase {

        private final List<Origin> origins;
        private final Patience patience;
        private volatile int port;

        Front(List<Origin> origins, Patience patience) {
            this.origins = origins;
            this.patience = patience;
        }

        @Override
        public Future<?> start() {
            Router router = Router.router(vertx);
            router.route().handler(new OriginProxy(vertx, origins, patience)).failureHandler(Front::tell);
            return vertx.createHttpServer(new HttpServerOptions())
                    .requestHandler(router)
                    .listen(0, "127.0.0.1")
                    .onSuccess(server -> port = server.actualPort());
        }

        private static void tell(RoutingContext ctx) {
            if (ctx.failure() instanceof ProblemException told) {
                Problem problem = told.problem();
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
