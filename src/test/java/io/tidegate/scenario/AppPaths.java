package io.tidegate.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tidegate.fixture.TestNode;
import io.tidegate.fixture.TestStream;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.List;

/**
 * Provides assertions about requests that either the gateway or the application {@code app} answers. A request is a
 * method and a target.
 */
final class AppPaths {

    private AppPaths() {}

    static void assertApps(TestNode node, List<String> requests) throws Exception {
        for (String request : requests) {
            assertEquals("app " + request + " HTTP/1.1", answer(node, request).body());
        }
    }

    /** Sends a request without a token, so that no stream opens and nothing changes. */
    static HttpResponse<String> answer(TestNode node, String request) throws Exception {
        String[] parts = request.split(" ", 2);
        return node.send(node.request(parts[1]).method(parts[0], BodyPublishers.noBody()));
    }

    /** Asserts that the refusal of a stream names this page for polling. */
    static void assertPoll(TestNode node, String page, String path) throws Exception {
        try (TestStream refused = node.stream(path, "Accept: text/event-stream")) {
            refused.awaitBody("\"poll\":\"" + page + "\"");
        }
    }
}
