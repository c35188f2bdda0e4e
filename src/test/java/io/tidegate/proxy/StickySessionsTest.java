package io.tidegate.proxy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidegate.edge.client.TrustedProxies;
import io.tidegate.fixture.TestOrigin;
import io.tidegate.proxy.origin.Ejection;
import io.tidegate.proxy.origin.Health;
import io.tidegate.proxy.origin.Origin;
import io.tidegate.proxy.origin.Origin.Balance;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.junit5.VertxExtension;
import java.net.CookieManager;
import java.net.ServerSocket;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Tests sticky sessions with two servers that poll like Socket.IO: each keeps its sessions in memory and refuses
 * unknown ones.
 */
@Timeout(60)
@ExtendWith(VertxExtension.class)
class StickySessionsTest {

    private static final int POLLS = 6;

    private ProxyServer gateway;

    @BeforeEach
    void make(Vertx vertx) {
        gateway = new ProxyServer(vertx);
    }

    @Test
    void withoutABalanceThatKeepsClientsSessionsAreLost() throws Exception {
        start(Balance.ROUND_ROBIN, sessions("a"), sessions("b"));
        Session session = new Session("198.51.100.1");
        session.open();
        Set<Integer> statuses = new HashSet<>();
        for (int i = 0; i < POLLS; i++) {
            statuses.add(session.poll().statusCode());
        }
        assertEquals(Set.of(200, 400), statuses);
    }

    @Test
    void byCookieEachClientStaysAndBothServersAreUsed() throws Exception {
        start(Balance.COOKIE, sessions("a"), sessions("b"));
        assertEquals(Set.of("a", "b"), serversOfClients());
    }

    @Test
    void byAddressEachClientStaysAndBothServersAreUsed() throws Exception {
        start(Balance.ADDRESS, sessions("a"), sessions("b"));
        assertEquals(Set.of("a", "b"), serversOfClients());
    }

    @Test
    void theCookieIsSetOnceAndNamesNoAddress() throws Exception {
        start(Balance.COOKIE, sessions("a"), sessions("b"));
        Session session = new Session("198.51.100.1");
        String cookie = session.open().headers().firstValue("set-cookie").orElseThrow();
        assertTrue(cookie.matches("tidegate-server-2f=[0-9a-f-]{36}; Path=/; HTTPOnly; SameSite=Lax"), cookie);
        assertFalse(session.poll().headers().firstValue("set-cookie").isPresent());
    }

    @Test
    void theCookieIsSecureBehindHttps() throws Exception {
        start(Balance.COOKIE, sessions("a"), sessions("b"));
        HttpResponse<String> answer = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(gateway.uri("/open"))
                                .header("X-Forwarded-For", "198.51.100.1")
                                .header("X-Forwarded-Proto", "https")
                                .build(),
                        BodyHandlers.ofString());
        String cookie = answer.headers().firstValue("set-cookie").orElseThrow();
        assertTrue(cookie.contains("; Secure"), cookie);
    }

    @Test
    void aClientMovesWhenItsServerCannotBeReached() throws Exception {
        for (Balance balance : List.of(Balance.COOKIE, Balance.ADDRESS)) {
            gateway = new ProxyServer(gateway.vertx);
            start(balance, closedPort(), sessions("b"));
            for (int i = 0; i < 4; i++) {
                Session session = new Session("198.51.100." + i);
                session.open();
                for (int j = 0; j < POLLS; j++) {
                    assertEquals("b", session.poll().body());
                }
            }
        }
    }

    @Test
    void anUnknownServerInTheCookieIsReplaced() throws Exception {
        start(Balance.COOKIE, sessions("a"), sessions("b"));
        HttpResponse<String> answer = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(gateway.uri("/open"))
                                .header("Cookie", "tidegate-server-2f=unknown")
                                .build(),
                        BodyHandlers.ofString());
        assertEquals(200, answer.statusCode());
        assertTrue(answer.headers().firstValue("set-cookie").isPresent());
    }

    private Set<String> serversOfClients() throws Exception {
        Set<String> servers = new HashSet<>();
        for (int i = 0; i < 12; i++) {
            Session session = new Session("198.51.100." + i);
            session.open();
            String server = session.poll().body();
            for (int j = 0; j < POLLS; j++) {
                HttpResponse<String> answer = session.poll();
                assertEquals(200, answer.statusCode());
                assertEquals(server, answer.body());
            }
            servers.add(server);
        }
        return servers;
    }

    private void start(Balance balance, int... ports) throws Exception {
        Origin origin = TestOrigin.choosing(
                TestOrigin.of("/", ports), balance, 1, Health.NONE, new Ejection(5, Duration.ofHours(1)));
        gateway.origin(origin).start(same -> same, TrustedProxies.parse(List.of("127.0.0.0/8")));
    }

    private int sessions(String name) throws Exception {
        Set<String> known = new HashSet<>();
        return gateway.server(request -> {
            if (request.path().equals("/open")) {
                String id = UUID.randomUUID().toString();
                known.add(id);
                request.response().end(id);
            } else {
                answer(request, known.contains(request.getParam("sid")), name);
            }
        });
    }

    private static void answer(HttpServerRequest request, boolean known, String name) {
        request.response().setStatusCode(known ? 200 : 400).end(known ? name : "Session ID unknown");
    }

    private static int closedPort() throws Exception {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    /** A client that keeps cookies, as browsers do. */
    private final class Session {

        private final HttpClient client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .cookieHandler(new CookieManager())
                .build();
        private final String address;
        private String id = "";

        Session(String address) {
            this.address = address;
        }

        HttpResponse<String> open() throws Exception {
            HttpResponse<String> answer = get("/open");
            id = answer.body();
            return answer;
        }

        HttpResponse<String> poll() throws Exception {
            return get("/poll?sid=" + id);
        }

        private HttpResponse<String> get(String target) throws Exception {
            HttpRequest request = HttpRequest.newBuilder(gateway.uri(target))
                    .header("X-Forwarded-For", address)
                    .build();
            return client.send(request, BodyHandlers.ofString());
        }
    }
}
