package io.tidegate.proxy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tidegate.edge.client.TrustedProxies;
import io.tidegate.edge.netty.Internals;
import io.tidegate.proxy.origin.Origin;
import io.tidegate.proxy.origin.Origins;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.ext.web.Router;
import io.vertx.junit5.VertxExtension;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Tests that observers see the whole exchange and do not affect it. */
@Timeout(60)
@ExtendWith(VertxExtension.class)
class ObserverTest {

    private Vertx vertx;
    private final BlockingQueue<String> seen = new LinkedBlockingQueue<>();
    private volatile int port;

    @BeforeEach
    void begin(Vertx vertx) {
        this.vertx = vertx;
    }

    @Test
    void itSeesBothBodiesAndTheHeadAndTheEnd() throws Exception {
        start(new Recorder());
        String body = "x".repeat(200_000);
        HttpResponse<String> answer = post(body);
        assertEquals(body, answer.body());
        assertEquals(201, answer.statusCode());
        assertEquals(List.of("request 200000", "answer 201 yes", "response 200000"), List.of(take(), take(), take()));
    }

    @Test
    void anExchangeWithoutBodiesEndsToo() throws Exception {
        start(new Recorder());
        HttpRequest request = HttpRequest.newBuilder(uri()).DELETE().build();
        assertEquals(
                201,
                HttpClient.newHttpClient()
                        .send(request, BodyHandlers.ofString())
                        .statusCode());
        assertEquals(List.of("request 0", "answer 201 yes", "response 0"), List.of(take(), take(), take()));
    }

    @Test
    void anObserverThatThrowsHarmsNobody() throws Exception {
        start(new Observer() {
            @Override
            public void requestBody(Buffer chunk) {
                throw new IllegalStateException("a defect");
            }

            @Override
            public void responseHead(int status, MultiMap headers) {
                throw new IllegalStateException("a defect");
            }

            @Override
            public void responseEnd() {
                throw new IllegalStateException("a defect");
            }
        });
        assertEquals("hello", post("hello").body());
        assertTrue(seen.isEmpty());
    }

    private final class Recorder implements Observer {

        private long request;
        private long response;
        private String head = "";

        @Override
        public void requestBody(Buffer chunk) {
            request += chunk.length();
        }

        @Override
        public void responseHead(int status, MultiMap headers) {
            head = "answer " + status + ' ' + headers.get("X-Origin");
        }

        @Override
        public void responseBody(Buffer chunk) {
            response += chunk.length();
        }

        @Override
        public void responseEnd() {
            seen.addAll(List.of("request " + request, head, "response " + response));
        }
    }

    private void start(Observer observer) throws Exception {
        HttpServer origin = vertx.createHttpServer()
                .requestHandler(request -> request.body().onSuccess(body -> request.response()
                        .setStatusCode(201)
                        .putHeader("X-Origin", "yes")
                        .end(body)))
                .listen(0, "127.0.0.1")
                .await(20, TimeUnit.SECONDS);
        List<Origin> origins = List.of(new Origin("/", URI.create("http://127.0.0.1:" + origin.actualPort())));
        vertx.deployVerticle(new VerticleBase() {
                    @Override
                    public Future<?> start() {
                        Router router = Router.router(vertx);
                        router.route().handler(ctx -> {
                            Observer.set(ctx, observer);
                            ctx.next();
                        });
                        router.route()
                                .handler(new OriginProxy(
                                        vertx,
                                        Internals.USED,
                                        new Origins(origins, new SimpleMeterRegistry(), 100),
                                        TrustedProxies.NONE,
                                        ResponseInterceptor.NONE));
                        return vertx.createHttpServer()
                                .requestHandler(router)
                                .listen(0, "127.0.0.1")
                                .onSuccess(server -> port = server.actualPort());
                    }
                })
                .await(20, TimeUnit.SECONDS);
    }

    private URI uri() {
        return URI.create("http://127.0.0.1:" + port + "/things");
    }

    private HttpResponse<String> post(String body) throws Exception {
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(uri())
                                .POST(BodyPublishers.ofString(body))
                                .build(),
                        BodyHandlers.ofString());
    }

    private String take() throws InterruptedException {
        String next = seen.poll(20, TimeUnit.SECONDS);
        return next == null ? "nothing" : next;
    }
}
