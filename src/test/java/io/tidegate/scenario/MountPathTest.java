package io.tidegate.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidegate.edge.connection.ConnectionLimits;
import io.tidegate.edge.tls.TlsOptions;
import io.tidegate.fixture.TestNode;
import io.tidegate.fixture.TestSettings;
import io.tidegate.http.CorsOptions;
import io.tidegate.http.HttpOptions;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A gateway that a proxy serves below a path, which the proxy removes from the requests. */
@Timeout(120)
class MountPathTest {

    private static final String FIELD = "X-Forwarded-Prefix";

    @TempDir
    private Path data;

    private TestNode start(String basePath, String trusted) throws Exception {
        HttpOptions http = new HttpOptions(
                "127.0.0.1",
                0,
                1,
                HttpOptions.DEFAULTS.maxBody(),
                List.of(trusted),
                HttpOptions.DEFAULTS.trustedFields(),
                basePath,
                CorsOptions.DEFAULTS,
                ConnectionLimits.DEFAULTS,
                TlsOptions.DEFAULTS,
                false);
        return TestNode.start(TestSettings.in(data).http(http).build());
    }

    @Test
    void theConfiguredPathIsThatOfTheCookieAndOfRedirects() throws Exception {
        try (TestNode node = start("/live/", "127.0.0.0/8")) {
            assertMount(
                    node, "/live", node.request("/lab?ticket=" + node.gateway().ticket()));
            assertTrue(location(node.send("POST", "/start", "")).startsWith("/live/deployment/"));
            HttpResponse<String> signedOut = node.send(node.request("/api/sign-out")
                    .header("Sec-Fetch-Site", "same-origin")
                    .POST(BodyPublishers.noBody()));
            assertTrue(cookie(signedOut).contains("Path=/live/;"), cookie(signedOut));
        }
    }

    @Test
    void aTrustedProxyStatesThePath() throws Exception {
        try (TestNode node = start("/", "127.0.0.0/8")) {
            String page = "/lab?ticket=" + node.gateway().ticket();
            assertMount(node, "/a/b", node.request(page).header(FIELD, "/a/b/"));
            assertMount(node, "", node.request(page).header(FIELD, "//evil.example"));
            assertMount(node, "", node.request(page));
        }
    }

    @Test
    void nobodyElseStatesThePath() throws Exception {
        try (TestNode node = start("/live", "192.0.2.1")) {
            String page = "/lab?ticket=" + node.gateway().ticket();
            assertMount(node, "/live", node.request(page).header(FIELD, "/elsewhere"));
        }
    }

    private static void assertMount(TestNode node, String mount, HttpRequest.Builder request) throws Exception {
        HttpResponse<String> signedIn = node.send(request.header("Accept", "text/html"));
        assertEquals(303, signedIn.statusCode());
        assertEquals(mount + "/lab", location(signedIn));
        assertTrue(cookie(signedIn).contains("Path=" + mount + "/;"), cookie(signedIn));
    }

    private static String location(HttpResponse<String> response) {
        return response.headers().firstValue("Location").orElse("");
    }

    private static String cookie(HttpResponse<String> response) {
        return response.headers().firstValue("Set-Cookie").orElse("");
    }
}
