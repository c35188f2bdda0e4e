package io.tidegate.edge.netty;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.unix.Socket;
import io.tidegate.edge.connection.BodyBudget;
import io.tidegate.edge.connection.ConnectionLimits;
import io.tidegate.problem.ProblemMetrics;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetSocket;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tries each use of internals over the loopback interface before any client connects. A server captures trailers,
 * responds with raw chunks and closes the connection after the response; a client sends trailers and skips an interim
 * response.
 */
final class SelfTest {

    private static final Logger LOG = LoggerFactory.getLogger(SelfTest.class);
    /**
     * The timeout is long: a slow machine must not fail the test, because its connections would then lose their
     * protection.
     */
    private static final long TIMEOUT_SECONDS = 60;

    private static final String HOST = "127.0.0.1";
    private static final String TRAILER = "X-Self-Test";

    private SelfTest() {}

    /** Returns false, and logs the reason, if any use does not work as expected. The future never fails. */
    static Future<Boolean> run(Vertx vertx, ProblemMetrics problems) {
        return Future.all(server(vertx, problems), client(vertx))
                .map(both -> both.<Boolean>resultAt(0) && both.<Boolean>resultAt(1))
                .timeout(TIMEOUT_SECONDS, TimeUnit.SECONDS)
                .onSuccess(passed -> {
                    if (!passed) {
                        LOG.warn("event=internals-off reason=self-test");
                    }
                })
                .recover(failure -> {
                    LOG.warn("event=internals-off reason=self-test", failure);
                    return Future.succeededFuture(false);
                });
    }

    private static Future<Boolean> server(Vertx vertx, ProblemMetrics problems) {
        HttpServerOptions sockets = new HttpServerOptions().setHttp2ClearTextEnabled(false);
        return vertx.createHttpServer(sockets)
                .connectionHandler(connection -> {
                    Internals.USED.prepareServer(
                            connection, sockets, ConnectionLimits.DEFAULTS, BodyBudget.UNLIMITED, problems);
                    Internals.USED.closeAfterResponse(connection, Duration.ofSeconds(TIMEOUT_SECONDS));
                })
                .requestHandler(request -> request.endHandler(whole -> respond(request)))
                .listen(0, HOST)
                .compose(server -> exchange(vertx, server).eventually(server::close))
                .map(response -> response.endsWith("\r\n\r\n5\r\nfirst\r\n3\r\nraw\r\n3\r\nraw\r\n0\r\n\r\n")
                        && response.contains(TRAILER + ": yes")
                        && response.contains("connection: close\r\n"));
    }

    private static void respond(HttpServerRequest request) {
        String captured = Internals.USED
                .trailers(request)
                .map(trailers -> trailers.get(TRAILER))
                .orElse("no");
        request.response().putHeader(TRAILER, captured).setChunked(true).write("first");
        // The first chunk goes through the channel; the second goes directly to the socket, because the channel has no
        // pending bytes.
        Internals.USED.chunkEncoder(request).map(Probe::new).ifPresent(probe -> {
            probe.write();
            probe.whenWritable(() -> {
                probe.write();
                request.response().end();
            });
        });
    }

    private static Future<String> exchange(Vertx vertx, HttpServer server) {
        NetClient client = vertx.createNetClient();
        return client.connect(server.actualPort(), HOST)
                .compose(socket -> socket.write("POST / HTTP/1.1\r\nHost: self\r\n"
                                + "Transfer-Encoding: chunked\r\n\r\n0\r\n" + TRAILER + ": yes\r\n\r\n")
                        .compose(sent -> readAll(socket)))
                .eventually(client::close);
    }

    private static Future<String> readAll(NetSocket socket) {
        Buffer received = Buffer.buffer();
        Promise<String> whole = Promise.promise();
        socket.handler(received::appendBuffer)
                .exceptionHandler(whole::tryFail)
                .endHandler(end -> whole.tryComplete(received.toString()));
        return whole.future();
    }

    private static Future<Boolean> client(Vertx vertx) {
        Buffer request = Buffer.buffer();
        return vertx.createNetServer()
                .connectHandler(socket -> respondOnce(socket, request))
                .listen(0, HOST)
                .compose(server -> send(vertx, server).eventually(server::close))
                .map(status -> status == 200 && request.toString().endsWith("\r\n0\r\n" + TRAILER + ": yes\r\n\r\n"));
    }

    private static void respondOnce(NetSocket socket, Buffer request) {
        socket.handler(part -> {
            if (request.appendBuffer(part).toString().endsWith(": yes\r\n\r\n")) {
                socket.end(
                        Buffer.buffer("HTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"));
            }
        });
    }

    private static Future<Integer> send(Vertx vertx, NetServer server) {
        HttpClientOptions options = new HttpClientOptions();
        HttpClient client = vertx.httpClientBuilder()
                .with(options)
                .withConnectHandler(connection -> Internals.USED.prepareClient(connection, options))
                .build();
        return client.request(HttpMethod.POST, server.actualPort(), HOST, "/")
                .compose(request -> {
                    request.setChunked(true).write("x");
                    Internals.USED.sendTrailers(
                            request, MultiMap.caseInsensitiveMultiMap().add(TRAILER, "yes"));
                    request.end();
                    return request.response().map(HttpClientResponse::statusCode);
                })
                .eventually(client::close);
    }

    /** Writes a chunk of three bytes. */
    private static final class Probe extends RawChunkWriter implements RawChunkWriter.Chunk {

        private final ByteBuf bytes =
                Unpooled.unreleasableBuffer(Unpooled.copiedBuffer("3\r\nraw\r\n", StandardCharsets.US_ASCII));

        Probe(ChannelHandlerContext encoder) {
            super(encoder);
        }

        void write() {
            writeChunk(this);
        }

        @Override
        public int chunkLength() {
            return bytes.readableBytes();
        }

        @Override
        public ByteBuf chunk(int from) {
            return bytes.duplicate().skipBytes(from);
        }

        @Override
        public int sendTo(Socket socket) throws IOException {
            return socket.send(bytes.nioBuffer(), 0, bytes.readableBytes());
        }
    }
}
