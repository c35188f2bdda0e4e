package io.tidegate.proxy;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.junit5.VertxExtension;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Tests that a connection to an origin carries no further request while a request on it has not ended. Otherwise the
 * origin would read the head of the next request as the rest of the first, and its body as a request.
 */
@Timeout(60)
@ExtendWith(VertxExtension.class)
class UnfinishedRequestTest {

    private static final String SMUGGLED = "GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n";

    private ProxyServer gateway;
    private final List<String> executed = new CopyOnWriteArrayList<>();
    private HttpClient http2;
    private final java.net.http.HttpClient http1 = java.net.http.HttpClient.newBuilder()
            .version(java.net.http.HttpClient.Version.HTTP_1_1)
            .build();

    @BeforeEach
    void start(Vertx vertx) throws Exception {
        gateway = new ProxyServer(vertx);
        http2 = vertx.createHttpClient(
                new HttpClientOptions().setProtocolVersion(HttpVersion.HTTP_2).setHttp2ClearTextUpgrade(false));
        gateway.origin("/", this::answer).start();
    }

    private void answer(HttpServerRequest request) {
        executed.add(request.uri());
        if (request.uri().startsWith("/early")) {
            request.response().setStatusCode(401).end("no");
            return;
        }
        request.body().onSuccess(body -> request.response().end(request.method() + " " + request.uri()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/whole", "/early"})
    void theEndOfAnHttp2RequestMayComeAfterTheAnswer(String path) throws Exception {
        for (int i = 0; i < 20; i++) {
            HttpClientRequest unfinished = http2.request(HttpMethod.POST, gateway.port(), "127.0.0.1", path)
                    .await(10, TimeUnit.SECONDS);
            unfinished.putHeader("Content-Length", Integer.toString(SMUGGLED.length()));
            Future<Buffer> answer = unfinished.response().compose(HttpClientResponse::body);
            unfinished.write(Buffer.buffer(SMUGGLED));
            answer.await(10, TimeUnit.SECONDS);
            assertEquals("POST /other", post("/other"));
            unfinished.end();
            assertEquals("GET /another", get("/another"));
        }
        assertEquals(0, executed.stream().filter("/smuggled"::equals).count(), executed.toString());
    }

    @Test
    void anHttp2RequestMayBeResetAfterTheAnswer() throws Exception {
        for (int i = 0; i < 20; i++) {
            HttpClientRequest unfinished = http2.request(HttpMethod.POST, gateway.port(), "127.0.0.1", "/early")
                    .await(10, TimeUnit.SECONDS);
            unfinished.putHeader("Content-Length", Integer.toString(2 * SMUGGLED.length()));
            Future<Buffer> answer = unfinished.response().compose(HttpClientResponse::body);
            unfinished.write(Buffer.buffer(SMUGGLED));
            answer.await(10, TimeUnit.SECONDS);
            unfinished.reset();
            assertEquals("POST /other", post("/other"));
        }
        assertEquals(0, executed.stream().filter("/smuggled"::equals).count(), executed.toString());
    }

    private String post(String path) throws Exception {
        return http1.send(request(path).POST(BodyPublishers.ofString(SMUGGLED)).build(), BodyHandlers.ofString())
                .body();
    }

    private String get(String path) throws Exception {
        return http1.send(request(path).build(), BodyHandlers.ofString()).body();
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + gateway.port() + path));
    }
}
