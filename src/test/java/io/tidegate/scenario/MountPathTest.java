package io.tidegate.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidegate.fixture.SocketServer;
import io.tidegate.fixture.Sockets;
import io.tidegate.fixture.TestNode;
import io.tidegate.fixture.TestOrigin;
import io.tidegate.fixture.TestSettings;
import io.tidegate.fixture.TestStream;
import io.tidegate.http.HttpOptions;
import io.tidegate.node.Settings;
import io.tidegate.proxy.origin.Origin;
import io.tidegate.proxy.origin.Origin.Balance;
import io.tidegate.proxy.origin.Origin.HostPolicy;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Tests a gateway behind a proxy that serves it under a path prefix and strips the prefix from requests. */
@Timeout(120)
class MountPathTest {

    private static final String FIELD = "X-Forwarded-Prefix";

    @TempDir
    private Path data;

    private TestNode start(String basePath, String trusted) throws Exception {
        return TestNode.start(settings(basePath, trusted).build());
    }

    private TestSettings settings(String basePath, String trusted) {
        HttpOptions http = new HttpOptions("127.0.0.1", 0, 1, HttpOptions.DEFAULTS.maxBody(), List.of(trusted));
        return TestSettings.in(data).http(http).paths(basePath, "/api");
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

    @Test
    void thePathsThatResponsesNameAreBelowIt() throws Exception {
        try (TestNode node = start("/live", "127.0.0.0/8")) {
            HttpResponse<String> created = node.send("POST", "/api/sessions", "{\"id\":\"s1\"}");
            assertEquals("/live/api/sessions/s1", location(created));
            HttpResponse<String> page = node.get("/api/events?topics=sessions&since=other-1");
            assertEquals("/live/api/sessions", new JsonObject(page.body()).getString("snapshot"));
            HttpResponse<String> proxied = node.get("/api/events?topics=sessions&since=other-1", FIELD, "/a/b");
            assertEquals("/a/b/api/sessions", new JsonObject(proxied.body()).getString("snapshot"));
            try (TestStream stream = node.stream("/api/sse/sessions?since=other-1")) {
                stream.awaitBody("\"snapshot\":\"/live/api/sessions\"");
            }
        }
    }

    @Test
    void anOriginLearnsItAndItsLocationsAndCookiesAreBelowIt() throws Exception {
        try (SocketServer app = new SocketServer()) {
            app.start(MountPathTest::redirect);
            Origin origin = TestOrigin.passing(TestOrigin.of("/shop", app.port()), true, HostPolicy.PRESERVE);
            Origin sticky = TestOrigin.choosing(origin, Balance.COOKIE, 0, origin.health(), origin.ejection());
            Settings settings = settings("/live", "127.0.0.0/8")
                    .origins(sticky, TestOrigin.of("/", app.port()))
                    .build();
            try (TestNode node = TestNode.start(settings)) {
                assertRelocated(node.get("/shop/cart"), "/live/shop", "/live/");
                assertRelocated(node.get("/shop/cart", FIELD, "/a/b"), "/a/b/shop", "/a/b/");
                assertEquals("/live/login", location(node.get("/cart")));
                assertEquals("/live", node.get("/cart").body());
            }
        }
    }

    private static void assertRelocated(HttpResponse<String> response, String whole, String mount) {
        assertEquals(whole, response.body());
        assertEquals(whole + "/login", location(response));
        List<String> cookies = response.headers().allValues("Set-Cookie");
        assertEquals("a=1; Path=" + whole, cookies.get(0));
        assertTrue(cookies.get(1).contains("Path=" + mount + ";"), cookies.get(1));
        assertEquals(2, cookies.size());
    }

    /** Responds with the prefix that the request states. */
    private static void redirect(Socket socket) throws IOException {
        while (true) {
            String head = Sockets.readUntil(socket, "\r\n\r\n");
            Matcher stated = Pattern.compile("(?i)\r\n" + FIELD + ": ([^\r]*)").matcher(head);
            String prefix = stated.find() ? stated.group(1) : "";
            String response = "HTTP/1.1 302 Found\r\nLocation: /login\r\nSet-Cookie: a=1; Path=/\r\nContent-Length: "
                    + prefix.length() + "\r\n\r\n" + prefix;
            socket.getOutputStream().write(response.getBytes(StandardCharsets.US_ASCII));
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
