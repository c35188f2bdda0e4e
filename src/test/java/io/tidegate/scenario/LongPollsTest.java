package io.tidegate.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidegate.fixture.Sockets;
import io.tidegate.fixture.TestNode;
import io.tidegate.fixture.TestOrigin;
import io.tidegate.fixture.TestSettings;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.junit5.VertxExtension;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Tests many ordinary long polls of an application alongside its pages, with the default limits of an origin. */
@Timeout(120)
@ExtendWith(VertxExtension.class)
class LongPollsTest {

    private static final int POLLS = 400;

    private final BlockingQueue<HttpServerRequest> polls = new LinkedBlockingQueue<>();

    @Test
    void allAreServedAndSoAreThePages(Vertx vertx, @TempDir Path folder) throws Exception {
        int application = vertx.createHttpServer()
                .requestHandler(request -> {
                    if (request.path().equals("/app/poll")) {
                        polls.add(request);
                    } else {
                        request.response().end("page");
                    }
                })
                .listen(0, "127.0.0.1")
                .await(20, TimeUnit.SECONDS)
                .actualPort();
        List<Socket> clients = new ArrayList<>();
        try (TestNode node = TestNode.start(TestSettings.in(folder)
                .origins(TestOrigin.of("/app", application))
                .build())) {
            List<HttpServerRequest> held = new ArrayList<>();
            for (int i = 0; i < POLLS; i++) {
                Socket client = new Socket(InetAddress.getLoopbackAddress(), node.port());
                client.setSoTimeout(20_000);
                clients.add(client);
                Sockets.send(client, "GET /app/poll HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: 203.0.113.5\r\n\r\n");
            }
            for (int i = 0; i < POLLS; i++) {
                HttpServerRequest poll = polls.poll(20, TimeUnit.SECONDS);
                assertTrue(poll != null, "only " + i + " polls reached the application");
                held.add(poll);
            }
            for (int i = 0; i < 10; i++) {
                assertEquals("page", node.get("/app/page").body());
            }
            String metrics = node.management("/metrics").body();
            assertTrue(metrics.contains("origin_active{lane=\"requests\",origin=\"/app\"} 400.0"), metrics);
            assertTrue(metrics.contains("origin_waiting{lane=\"requests\",origin=\"/app\"} 0.0"), metrics);
            held.forEach(poll -> poll.response().end("news"));
            for (Socket client : clients) {
                assertTrue(Sockets.readUntil(client, "news").startsWith("HTTP/1.1 200 "));
            }
        } finally {
            for (Socket client : clients) {
                client.close();
            }
        }
    }
}
