package io.tidegate.delivery.sse;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetSocket;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tries, before any client comes, whether chunks written past the HTTP encoder arrive as that encoder would have written
 * them. The way past it rests on how the HTTP server is built inside; where that has changed, streams use the way that
 * the server offers.
 */
public final class DirectWrites {

    private static final Logger LOG = LoggerFactory.getLogger(DirectWrites.class);
    private static final long PATIENCE_SECONDS = 5;

    private DirectWrites() {}

    /** Sends one stream to itself over the loopback; never fails, and false when anything was not as it should be. */
    public static Future<Boolean> work(Vertx vertx) {
        return vertx.createHttpServer()
                .requestHandler(DirectWrites::answer)
                .listen(0, "127.0.0.1")
                .compose(server -> ask(vertx, server).eventually(server::close))
                .map(answer -> answer.endsWith(expected()))
                .timeout(PATIENCE_SECONDS, TimeUnit.SECONDS)
                .otherwise(false)
                .onSuccess(works -> {
                    if (!works) {
                        LOG.warn("event=direct-writes-off reason=self-test");
                    }
                });
    }

    private static void answer(HttpServerRequest request) {
        request.response().setChunked(true).write("first");
        // One chunk after what waits in the channel, and one, when nothing waits any more, that may pass it by.
        ChannelOutlet.of(request).ifPresent(outlet -> {
            write(outlet);
            outlet.whenWritable(() -> {
                write(outlet);
                outlet.end();
            });
        });
    }

    private static void write(Outlet outlet) {
        try (Frames frames = probe()) {
            outlet.write(frames);
        }
    }

    private static Future<String> ask(Vertx vertx, HttpServer server) {
        NetClient client = vertx.createNetClient();
        return client.connect(server.actualPort(), "127.0.0.1")
                .compose(socket -> socket.write("GET / HTTP/1.1\r\nHost: self\r\nConnection: close\r\n\r\n")
                        .compose(sent -> everything(socket)))
                .eventually(client::close);
    }

    private static Future<String> everything(NetSocket socket) {
        Buffer received = Buffer.buffer();
        Promise<String> whole = Promise.promise();
        socket.handler(received::appendBuffer)
                .exceptionHandler(whole::tryFail)
                .endHandler(end -> whole.tryComplete(received.toString()));
        return whole.future();
    }

    private static Frames probe() {
        return new FrameWriter().control("probe", new JsonObject()).frames();
    }

    private static String expected() {
        try (Frames frames = probe()) {
            String chunk = Integer.toHexString(frames.length()) + "\r\n" + frames.plain() + "\r\n";
            return "5\r\nfirst\r\n" + chunk + chunk + "0\r\n\r\n";
        }
    }
}
