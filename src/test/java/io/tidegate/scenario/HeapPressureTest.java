package io.tidegate.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidegate.fixture.ChildNode;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Tests a process with a small heap whose clients send JSON that takes much more memory as objects than as text. */
@Timeout(120)
class HeapPressureTest {

    private static final String MANY = "{\"id\":\"%s\",\"a\":[" + "{},".repeat(300_000) + "{}]}";
    private static final String FEW = "{\"id\":\"%s\",\"a\":[" + "{},".repeat(4_000) + "{}]}";

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final ChildNode node;

    HeapPressureTest(@TempDir Path folder) throws Exception {
        node = ChildNode.start(
                folder,
                ":",
                List.of("-Xmx96m", "-XX:+UseSerialGC", "-XX:+ExitOnOutOfMemoryError"),
                "--set",
                "overload.bodies=50",
                "--set",
                "journal.recent-bytes=2MiB");
    }

    @AfterEach
    void close() {
        node.close();
    }

    @Test
    void objectsOfManyValuesAreRefusedWhereverTheyWouldBeExpanded() throws Exception {
        List<HttpRequest> requests = IntStream.range(0, 20)
                .boxed()
                .<HttpRequest>mapMulti((i, next) -> {
                    String body = MANY.formatted("i" + i);
                    next.accept(request("PUT", "/api/instances/i" + i, body));
                    next.accept(request("POST", "/api/sessions", body));
                    next.accept(request("PATCH", "/api/sessions/other", body));
                    next.accept(request(
                            "POST",
                            "/api/events",
                            "{\"topic\":\"sessions\",\"type\":\"session_created\",\"key\":\"i" + i + "\",\"data\":"
                                    + body + "}"));
                })
                .toList();
        List<Integer> statuses = statuses(requests);
        assertTrue(
                statuses.stream().allMatch(status -> status == 413 || status == 503 || status == 404),
                statuses.toString());
        assertTrue(statuses.contains(413), statuses.toString());
        assertEquals(200, status(request("POST", "/api/events", "{\"topic\":\"t\",\"type\":\"t\",\"data\":1}")));
    }

    @Test
    void objectsOfFewerValuesAreAcceptedTogether() throws Exception {
        List<Integer> statuses = statuses(IntStream.range(0, 40)
                .mapToObj(i -> request("PUT", "/api/instances/i" + i, FEW.formatted("i" + i)))
                .toList());
        assertTrue(statuses.stream().allMatch(status -> status < 300), statuses.toString());
    }

    private List<Integer> statuses(List<HttpRequest> requests) {
        List<CompletableFuture<HttpResponse<Void>>> responses = requests.stream()
                .map(request -> client.sendAsync(request, BodyHandlers.discarding()))
                .toList();
        return responses.stream().map(response -> response.join().statusCode()).toList();
    }

    private int status(HttpRequest request) throws Exception {
        return client.send(request, BodyHandlers.discarding()).statusCode();
    }

    private HttpRequest request(String method, String path, String body) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + node.port() + path))
                .timeout(Duration.ofSeconds(60))
                .header("Authorization", "Bearer " + node.publisher())
                .header("Content-Type", "application/json")
                .method(method, BodyPublishers.ofString(body))
                .build();
    }
}
