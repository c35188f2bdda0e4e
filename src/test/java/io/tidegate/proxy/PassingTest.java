package io.tidegate.proxy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidegate.edge.client.TrustedProxies;
import io.tidegate.fixture.TestOrigin;
import io.tidegate.http.HttpOptions;
import io.tidegate.proxy.origin.FieldChanges;
import io.tidegate.proxy.origin.Origin.HostPolicy;
import io.tidegate.proxy.origin.OriginFields;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.NetClient;
import io.vertx.junit5.VertxExtension;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Tests requests as origins receive them, depending on the configuration and on proxies in front of the gateway. */
@ExtendWith(VertxExtension.class)
class PassingTest {

    private static final TrustedProxies LOOPBACK = TrustedProxies.parse(List.of("127.0.0.0/8"));

    private static final TrustedProxies SIGNING_IN = LOOPBACK.withFields(HttpOptions.DEFAULTS.trustedFields());

    private ProxyServer gateway;

    @BeforeEach
    void make(Vertx vertx) {
        gateway = new ProxyServer(vertx);
    }

    @Test
    void aPrefixThatIsStrippedIsToldBeside() throws Exception {
        int port = gateway.server(PassingTest::list);
        gateway.origin(TestOrigin.passing(TestOrigin.of("/shop", port), true, HostPolicy.PRESERVE))
                .start();
        assertTrue(get("/shop/cart/%2e?x=/shop", "").contains("uri=/cart/%2e?x=/shop\n"));
        assertTrue(get("/shop/?x", "").contains("uri=/?x\n"));
        String answer = get("/shop/", "X-Forwarded-Prefix: /evil\r\n");
        assertTrue(answer.contains("uri=/\n"), answer);
        assertTrue(answer.contains("x-forwarded-prefix=/shop\n"), answer);
        assertFalse(answer.contains("evil"), answer);
    }

    @Test
    void aRedirectAndACookieOfAStrippedOriginLeadBackToIt() throws Exception {
        int port = gateway.server(request -> request.response()
                .setStatusCode(302)
                .putHeader("Location", "http://a.example/login?to=/")
                .putHeader(
                        "Content-Location",
                        "http://127.0.0.1:" + request.localAddress().port() + "/login")
                .putHeader("Set-Cookie", List.<String>of("a=1; Path=/; HttpOnly", "b=2"))
                .end());
        gateway.origin(TestOrigin.passing(TestOrigin.of("/shop", port), true, HostPolicy.PRESERVE))
                .start();
        String answer = get("/shop/cart", "").toLowerCase(Locale.ROOT);
        assertTrue(answer.contains("\r\nlocation: http://a.example/shop/login?to=/\r\n"), answer);
        assertTrue(answer.contains("\r\ncontent-location: /shop/login\r\n"), answer);
        assertTrue(answer.contains("\r\nset-cookie: a=1; path=/shop; httponly\r\nset-cookie: b=2\r\n"), answer);
    }

    @Test
    void anOriginMayWantItsOwnHost() throws Exception {
        int port = gateway.server(PassingTest::list);
        gateway.origin(TestOrigin.passing(TestOrigin.of("/", port), false, HostPolicy.ORIGIN))
                .start();
        String answer = get("/", "");
        assertTrue(answer.contains("\nhost=127.0.0.1:" + port + "\n"), answer);
        assertTrue(answer.contains("x-forwarded-host=a.example\n"), answer);
    }

    @Test
    void aTrustedProxyIsBelievedAboutTheClient() throws Exception {
        gateway.origin("/", PassingTest::list).start(UnaryOperator.identity(), LOOPBACK);
        String answer = get("/", "X-Forwarded-For: 6.6.6.6, 192.0.2.7\r\nX-Forwarded-Proto: HTTPS\r\n");
        assertTrue(answer.contains("\nx-forwarded-for=192.0.2.7\n"), answer);
        assertTrue(answer.contains("\nx-forwarded-proto=https\n"), answer);
        assertTrue(answer.contains("\nforwarded=for=192.0.2.7;host=\"a.example\";proto=https\n"), answer);
        assertFalse(answer.contains("6.6.6.6"), answer);
    }

    @Test
    void whatATrustedProxyPassesUnseenIsNotBelieved() throws Exception {
        gateway.origin("/", PassingTest::list).start(UnaryOperator.identity(), LOOPBACK);
        String answer = get(
                "/",
                "X-Forwarded-For: 192.0.2.7\r\nForwarded: for=6.6.6.6\r\nX-Forwarded-Host: evil\r\nX-Real-IP: 6.6.6.6\r\n");
        assertTrue(answer.contains("\nx-forwarded-for=127.0.0.1\n"), answer);
        assertTrue(answer.contains("\nx-forwarded-host=a.example\n"), answer);
        assertFalse(answer.contains("6.6.6.6") || answer.contains("evil"), answer);
    }

    @Test
    void theUserThatATrustedProxyNamesReachesTheOrigin() throws Exception {
        gateway.origin("/", PassingTest::list).start(UnaryOperator.identity(), SIGNING_IN);
        String answer = get(
                "/",
                """
                X-Forwarded-User: ada\r
                x-forwarded-email: ada@example.org\r
                Client-Cert: :bWU=:\r
                X-Real-IP: 192.0.2.7\r
                X_Forwarded_User: eve\r
                X-Forwarded-Unknown: eve\r
                Connection: X-Forwarded-User\r
                """);
        assertTrue(answer.contains("\nx-forwarded-user=ada\n"), answer);
        assertTrue(answer.contains("\nx-forwarded-email=ada@example.org\n"), answer);
        assertTrue(answer.contains("\nclient-cert=:bWU=:\n"), answer);
        assertTrue(answer.contains("\nx-real-ip=192.0.2.7\n"), answer);
        assertFalse(answer.contains("eve"), answer);
    }

    @Test
    void nobodyElseNamesAUser() throws Exception {
        TrustedProxies elsewhere =
                TrustedProxies.parse(List.of("192.0.2.1")).withFields(HttpOptions.DEFAULTS.trustedFields());
        gateway.origin("/", PassingTest::list).start(UnaryOperator.identity(), elsewhere);
        String claims = HttpOptions.DEFAULTS.trustedFields().stream()
                .flatMap(name -> Stream.of(name, name.toLowerCase(Locale.ROOT), name.replace('-', '_')))
                .map(name -> name + ": eve\r\n")
                .collect(Collectors.joining());
        String answer = get("/", claims);
        assertTrue(answer.startsWith("HTTP/1.1 200 "), answer);
        assertFalse(answer.contains("eve"), answer);
    }

    @Test
    void theHostThatATrustedProxyNamesReachesTheOrigin() throws Exception {
        gateway.origin("/", PassingTest::list).start(UnaryOperator.identity(), LOOPBACK);
        for (String stated : List.of(
                "X-Forwarded-Host: public.example\r\n",
                "X-Forwarded-Host: evil, public.example\r\n",
                "Forwarded: for=6.6.6.6;host=evil, for=192.0.2.7;host=public.example, for=127.0.0.1;host=inner\r\n")) {
            String answer = get("/", stated);
            assertTrue(answer.contains("\nx-forwarded-host=public.example\n"), answer);
            assertTrue(answer.contains("host=\"public.example\";"), answer);
            assertTrue(answer.contains("\nhost=a.example\n"), answer);
        }
        for (String unclear : List.of(
                "X-Forwarded-Host: one.example\r\nForwarded: for=192.0.2.7;host=two.example\r\n",
                "X-Forwarded-Host: a b\r\n",
                "X-Forwarded-Host: \r\n")) {
            assertTrue(get("/", unclear).contains("\nx-forwarded-host=a.example\n"), unclear);
        }
    }

    @Test
    void fieldsAreSetAndRemovedAsConfigured() throws Exception {
        int port = gateway.server(request -> {
            request.response().putHeader("Server", "origin").putHeader("X-Frame-Options", "DENY");
            list(request);
        });
        FieldChanges request =
                new FieldChanges(Map.of("X-Api-Key", "k1", "X-Forwarded-Proto", "https"), List.of("Origin"));
        FieldChanges response = new FieldChanges(Map.of("X-Frame-Options", "SAMEORIGIN"), List.of("Server"));
        gateway.origin(TestOrigin.of("/", port)
                        .withFields(new OriginFields(List.of(), List.of(), false, request, response)))
                .start();
        String answer = get("/", "Origin: http://a\r\nX-Api-Key: mine\r\n");
        assertTrue(answer.contains("\nx-api-key=k1\n") && !answer.contains("mine"), answer);
        assertTrue(answer.contains("\nx-forwarded-proto=https\n"), answer);
        assertFalse(answer.contains("\norigin=") || answer.contains("Server: "), answer);
        assertTrue(answer.contains("X-Frame-Options: SAMEORIGIN\r\n") && !answer.contains("DENY"), answer);
    }

    @Test
    void aStrippedPrefixWithoutItsSlashIsRedirected() throws Exception {
        int port = gateway.server(PassingTest::list);
        gateway.origin(TestOrigin.passing(TestOrigin.of("/my/shop", port), true, HostPolicy.PRESERVE))
                .origin("/plain", port)
                .start();
        String answer = get("/my/shop", "");
        assertTrue(answer.startsWith("HTTP/1.1 308 "), answer);
        assertTrue(answer.toLowerCase(Locale.ROOT).contains("\r\nlocation: ./shop/\r\n"), answer);
        assertTrue(get("/my/shop?a=/b", "").toLowerCase(Locale.ROOT).contains("\r\nlocation: ./shop/?a=/b\r\n"));
        assertTrue(get("/plain", "").contains("uri=/plain\n"));
    }

    @Test
    void messagesAreMarkedWithTheNameOfTheGateway() throws Exception {
        gateway.origin("/", PassingTest::list).start();
        String name = gateway.origins().gatewayName();
        String answer = get("/", "Via: 1.0 fred, 1.1 example.org (x)\r\n");
        assertTrue(answer.contains("\nvia=1.0 fred, 1.1 example.org (x)\n"), answer);
        assertTrue(answer.contains("\nvia=1.1 " + name + "\n"), answer);
        assertTrue(answer.contains("\r\nVia: 1.1 " + name + "\r\n"), answer);
        assertTrue(get("/", "Via: 1.1 tidegate-other\r\n").startsWith("HTTP/1.1 200 "));
    }

    @Test
    void aLoopIsEndedAtItsFirstReturn() throws Exception {
        AtomicInteger passes = new AtomicInteger();
        NetClient back = gateway.vertx.createNetClient();
        int relay = gateway.vertx
                .createNetServer()
                .connectHandler(socket -> {
                    passes.incrementAndGet();
                    socket.pause();
                    back.connect(gateway.port(), "127.0.0.1").onSuccess(again -> {
                        again.pipeTo(socket);
                        socket.pipeTo(again);
                    });
                })
                .listen(0, "127.0.0.1")
                .await(10, TimeUnit.SECONDS)
                .actualPort();
        gateway.origin("/", relay).start();
        String answer = get("/", "");
        assertTrue(answer.startsWith("HTTP/1.1 508 ") && answer.contains("\"code\":\"loop-detected\""), answer);
        assertEquals(1, passes.get());
    }

    @Test
    void optionsAreForwardedAsOftenAsTheClientPermits() throws Exception {
        gateway.origin("/", PassingTest::list).start();
        assertTrue(options("Max-Forwards: 0\r\n").startsWith("HTTP/1.1 204 "));
        assertTrue(options("Max-Forwards: 2\r\n").contains("\nmax-forwards=1\n"));
        assertTrue(options("Max-Forwards: x\r\n").contains("\nmax-forwards=x\n"));
        assertTrue(get("/", "Max-Forwards: 0\r\n").contains("\nmax-forwards=0\n"));
    }

    private String options(String headers) throws Exception {
        return gateway.raw("OPTIONS / HTTP/1.1\r\nHost: a.example\r\nConnection: close\r\n" + headers + "\r\n");
    }

    @Test
    void theDestinationOfAMoveIsTheOriginsOwnUrl() throws Exception {
        int port = gateway.server(PassingTest::list);
        gateway.origin(TestOrigin.passing(TestOrigin.of("/dav", port), true, HostPolicy.PRESERVE))
                .start();
        String answer = get(
                "/dav/a",
                "Destination: https://a.example/dav/b%20c\r\nIf: <https://a.example/dav/a> (<urn:uuid:1> [\"e\"])\r\n");
        assertTrue(answer.contains("\ndestination=http://a.example/b%20c\n"), answer);
        assertTrue(answer.contains("\nif=<http://a.example/a> (<urn:uuid:1> [\"e\"])\n"), answer);
    }

    @Test
    void thePrefixOfATrustedProxyComesBeforeTheStrippedOne() throws Exception {
        int port = gateway.server(PassingTest::list);
        gateway.origin(TestOrigin.passing(TestOrigin.of("/shop", port), true, HostPolicy.PRESERVE))
                .origin("/", port)
                .start(UnaryOperator.identity(), SIGNING_IN);
        String live = "X-Forwarded-Prefix: /live/\r\n";
        assertTrue(get("/shop/cart", live).contains("\nx-forwarded-prefix=/live/shop\n"));
        assertTrue(get("/cart", live).contains("\nx-forwarded-prefix=/live\n"));
        assertTrue(get("/shop/cart", "X-Forwarded-Prefix: //evil\r\n").contains("\nx-forwarded-prefix=/shop\n"));
        assertFalse(get("/cart", live + live).contains("x-forwarded-prefix"));
    }

    @Test
    void anAddressOfVersionSixIsToldInBothForms() throws Exception {
        gateway.origin("/", PassingTest::list).start(UnaryOperator.identity(), LOOPBACK);
        String answer = get("/", "Forwarded: for=\"[2001:db8::7]:80\"\r\n");
        assertTrue(answer.contains("\nx-forwarded-for=2001:db8::7\n"), answer);
        assertTrue(answer.contains("\nforwarded=for=\"[2001:db8::7]\";"), answer);
    }

    @Test
    void aTicketOfAnOriginIsItsOwn() throws Exception {
        gateway.origin("/", PassingTest::list).start();
        String ours = "tide-" + "s".repeat(43);
        String answer = get("/?ticket=HELP-1&ticket=" + ours + "&b", "");
        assertEquals(1, answer.split("uri=/\\?ticket=HELP-1&b\n", -1).length - 1, answer);
    }

    private static void list(HttpServerRequest request) {
        request.response()
                .end("\nuri=" + request.uri() + "\n"
                        + request.headers().entries().stream()
                                .map(header ->
                                        header.getKey().toLowerCase(Locale.ROOT) + "=" + header.getValue() + "\n")
                                .collect(Collectors.joining()));
    }

    private String get(String target, String headers) throws Exception {
        return gateway.raw(
                "GET " + target + " HTTP/1.1\r\nHost: a.example\r\nConnection: close\r\n" + headers + "\r\n");
    }
}
