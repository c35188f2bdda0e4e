package io.tidegate.grip;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.tidegate.Settings;
import io.tidegate.TestNode;
import io.tidegate.origin.Origin;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.UnaryOperator;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A service that knows nothing of the gateway but GRIP, a whole node before it, and clients that it hands over. */
@Timeout(120)
class HeldClientsTest {

    private static final String KEY = "changeme";

    private final Path folder;
    private final HttpServer service = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    private final BlockingQueue<Map<String, List<String>>> asked = new LinkedBlockingQueue<>();
    private volatile Map<String, String> instructions = Map.of();
    private volatile String body = "";
    private TestNode node;

    HeldClientsTest(@TempDir Path folder) throws Exception {
        this.folder = folder;
    }

    @BeforeEach
    void start() throws Exception {
        service.createContext("/", this::answer);
        service.start();
        URI url = URI.create("http://127.0.0.1:" + service.getAddress().getPort());
        Settings settings = TestNode.settings(folder, UnaryOperator.identity(), List.of(new Origin("/live", url)));
        node = TestNode.start(TestNode.with(settings, new GripOptions(true, "pushpin", KEY)));
    }

    @AfterEach
    void stop() {
        node.close();
        service.stop(0);
    }

    @Test
    void aClientThatIsHeldGetsTheOriginsBodyAndThenWhatIsPublished() throws Exception {
        body = "event: message\ndata: stream open\n\n";
        instructions = Map.of(
                "Content-Type",
                "text/event-stream",
                "Grip-Hold",
                "stream",
                "Grip-Channel",
                "test",
                "Grip-Link",
                "</x>");
        try (Client client = new Client("/live/x")) {
            String head = client.until("\r\n\r\n");
            assertTrue(head.startsWith("HTTP/1.1 200 OK\r\n"), head);
            assertTrue(head.toLowerCase(java.util.Locale.ROOT).contains("content-type: text/event-stream\r\n"), head);
            assertFalse(head.toLowerCase(java.util.Locale.ROOT).contains("grip-"), head);
            assertFalse(head.toLowerCase(java.util.Locale.ROOT).contains("content-length"), head);
            client.until("stream open\n\n");
            assertEquals("Published\n", publish(item("test", "data: hello\n\n")).body());
            client.until("data: hello\n\n\r\n");
            publish(item("other", "data: not for it\n\n"), item("test", "data: grüße\n\n"));
            assertFalse(client.until("data: grÃ¼Ã\u009Fe\n\n\r\n").contains("not for it"));
        }
    }

    @Test
    void allWhoAreHeldOnAChannelGetTheSameInTheSameOrder() throws Exception {
        hold("one, two");
        try (Client first = new Client("/live");
                Client second = new Client("/live")) {
            first.until("\r\n\r\n");
            second.until("\r\n\r\n");
            for (int i = 0; i < 50; i++) {
                publish(item(i % 2 == 0 ? "one" : "two", i + ";"));
            }
            String expected = java.util.stream.IntStream.range(0, 50)
                    .mapToObj(i -> i + ";")
                    .collect(java.util.stream.Collectors.joining());
            for (Client client : List.of(first, second)) {
                assertEquals(expected, client.until("49;\r\n").replaceAll("[0-9a-f]+\r\n|\r\n", ""));
            }
        }
    }

    @Test
    void bytesThatAreNoTextAndItemsOfTheOlderFormArePublishedToo() throws Exception {
        hold("room/1");
        try (Client client = new Client("/live")) {
            client.until("\r\n\r\n");
            String bytes = Base64.getEncoder().encodeToString(new byte[] {(byte) 0xff, 'x', 0, 'y'});
            publish(new JsonObject()
                    .put("channel", "room/1")
                    .put("id", "1")
                    .put("prev-id", "0")
                    .put("http-stream", new JsonObject().put("content-bin", bytes)));
            assertTrue(client.until("y\r\n").contains("\u00ffx\0y"));
        }
    }

    @Test
    void aServiceMayEndTheResponsesOfAChannel() throws Exception {
        hold("test");
        try (Client client = new Client("/live")) {
            client.until("\r\n\r\n");
            JsonObject last = new JsonObject().put("content", "bye").put("action", "close");
            publish(item("test", "last "), formats("test", last));
            assertTrue(client.until("0\r\n\r\n").contains("last bye"));
        }
    }

    @Test
    void aQuietClientIsSentTheKeepAlive() throws Exception {
        instructions = Map.of(
                "Grip-Hold",
                "stream",
                "Grip-Channel",
                "test",
                "Grip-Keep-Alive",
                ": alive\\n\\n; format=cstring; timeout=1");
        try (Client client = new Client("/live")) {
            client.until("\r\n\r\n");
            client.until(": alive\n\n\r\n");
            client.until(": alive\n\n\r\n");
        }
    }

    @Test
    void theStatusForTheClientMayBeAnother() throws Exception {
        instructions = Map.of("Grip-Hold", "stream", "Grip-Channel", "test", "Grip-Status", "202");
        try (Client client = new Client("/live")) {
            assertTrue(client.until("\r\n\r\n").startsWith("HTTP/1.1 202 Accepted\r\n"));
        }
    }

    @Test
    void anAnswerWithoutAHoldIsAnOrdinaryOneAndItsGripFieldsAreTakenOut() throws Exception {
        body = "no";
        instructions = Map.of("Grip-Set-Meta", "a=b", "X-Own", "1");
        HttpResponse<String> answer = node.get("/live");
        assertEquals("no", answer.body());
        assertEquals("1", answer.headers().firstValue("X-Own").orElse(""));
        assertTrue(answer.headers().firstValue("Grip-Set-Meta").isEmpty());
    }

    @Test
    void whatCannotBeDoneIsRefusedAndTellsTheClientNothing() throws Exception {
        for (Map<String, String> impossible : List.of(
                Map.of("Grip-Hold", "response", "Grip-Channel", "a"),
                Map.of("Grip-Hold", "stream"),
                Map.of("Grip-Hold", "stream", "Grip-Channel", "a; filter=skip-self"),
                Map.of("Grip-Hold", "stream", "Grip-Channel", "a", "Grip-Keep-Alive", "x; format=unknown"),
                Map.of("Content-Type", "application/grip-instruct"))) {
            instructions = impossible;
            HttpResponse<String> answer = node.get("/live");
            assertEquals(502, answer.statusCode(), impossible::toString);
            assertEquals("origin-unreachable", new JsonObject(answer.body()).getString("code"));
            assertTrue(answer.headers().map().keySet().stream().noneMatch(name -> name.startsWith("grip")));
        }
    }

    @Test
    void theOriginCanTellThatARequestComesThroughTheGateway() throws Exception {
        node.get("/live", "Grip-Sig", "forged");
        Map<String, List<String>> headers = asked.take();
        List<String> signatures = headers.getOrDefault("Grip-sig", List.of());
        assertEquals(1, signatures.size());
        String[] parts = signatures.get(0).split("\\.", -1);
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(KEY.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
        byte[] expected = mac.doFinal((parts[0] + "." + parts[1]).getBytes(StandardCharsets.UTF_8));
        assertEquals(Base64.getUrlEncoder().withoutPadding().encodeToString(expected), parts[2]);
        JsonObject claims = new JsonObject(new String(Base64.getUrlDecoder().decode(parts[1]), StandardCharsets.UTF_8));
        assertEquals("pushpin", claims.getString("iss"));
        assertTrue(claims.getLong("exp") > System.currentTimeMillis() / 1_000);
    }

    @Test
    void whatIsNoItemIsAProblem() throws Exception {
        for (String wrong : List.of(
                "",
                "{",
                "[]",
                "{}",
                "{\"items\":[1]}",
                "{\"items\":[{\"channel\":1}]}",
                "{\"items\":[{\"channel\":\"\",\"formats\":{\"http-stream\":{\"content\":\"x\"}}}]}",
                "{\"items\":[{\"channel\":\"a\",\"formats\":{\"http-stream\":{\"content\":1}}}]}",
                "{\"items\":[{\"channel\":\"a\",\"formats\":{\"http-stream\":{\"content-bin\":\"!\"}}}]}")) {
            HttpResponse<String> answer = post(wrong);
            assertTrue(answer.statusCode() == 400 || answer.statusCode() == 422, wrong + " " + answer.statusCode());
            assertEquals(
                    "application/problem+json",
                    answer.headers().firstValue("Content-Type").orElse(""));
        }
        assertEquals(
                200,
                post("{\"items\":[{\"channel\":\"a\",\"formats\":{\"json-object\":{}}}]}")
                        .statusCode());
        assertEquals(413, post("{\"items\":\"" + "x".repeat(2 << 20) + "\"}").statusCode());
    }

    @Test
    void aClientThatGoesIsHeldNoMoreAndTheOthersAre() throws Exception {
        hold("test");
        try (Client stays = new Client("/live")) {
            stays.until("\r\n\r\n");
            try (Client goes = new Client("/live")) {
                goes.until("\r\n\r\n");
            }
            publish(item("test", "still there"));
            stays.until("still there\r\n");
        }
    }

    @Test
    void atAShutdownHeldResponsesEndWhole() throws Exception {
        hold("test");
        try (Client client = new Client("/live")) {
            client.until("\r\n\r\n");
            node.gateway().stop();
            client.until("0\r\n\r\n");
        }
    }

    @Test
    void aClientThatDoesNotReadIsCutOff() throws Exception {
        hold("test");
        try (Client client = new Client("/live")) {
            client.until("\r\n\r\n");
            String content = "x".repeat(500_000);
            for (int i = 0; i < 40; i++) {
                publish(item("test", content));
            }
            assertTrue(client.rest() < 40 * 500_000, "all of it was kept for a client that did not read");
        }
    }

    private void hold(String channels) {
        instructions = Map.of("Grip-Hold", "stream", "Grip-Channel", channels);
    }

    private void answer(HttpExchange exchange) throws IOException {
        asked.add(exchange.getRequestHeaders());
        instructions.forEach(exchange.getResponseHeaders()::add);
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(200, bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    private static JsonObject item(String channel, String content) {
        return formats(channel, new JsonObject().put("content", content));
    }

    private static JsonObject formats(String channel, JsonObject stream) {
        return new JsonObject().put("channel", channel).put("formats", new JsonObject().put("http-stream", stream));
    }

    private HttpResponse<String> publish(JsonObject... items) throws Exception {
        HttpResponse<String> answer = post(
                new JsonObject().put("items", new JsonArray(List.of(items))).encode());
        assertEquals(200, answer.statusCode(), answer.body());
        return answer;
    }

    private HttpResponse<String> post(String body) throws Exception {
        URI uri = URI.create("http://127.0.0.1:" + node.managementPort() + "/publish/");
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(uri)
                                .version(HttpClient.Version.HTTP_1_1)
                                .POST(BodyPublishers.ofString(body))
                                .build(),
                        BodyHandlers.ofString());
    }

    /** One request, and its answer byte for byte. */
    private final class Client implements AutoCloseable {

        private final Socket socket = new Socket(InetAddress.getLoopbackAddress(), node.port());
        private final InputStream in = socket.getInputStream();

        Client(String path) throws IOException {
            socket.setSoTimeout(30_000);
            String request = "GET " + path + " HTTP/1.1\r\nHost: a\r\nAccept: text/event-stream\r\n\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
        }

        /** Reads until what was read ends so. */
        String until(String end) throws IOException {
            StringBuilder read = new StringBuilder();
            while (!read.toString().endsWith(end)) {
                int next = in.read();
                if (next < 0) {
                    throw new IOException("closed after: " + read);
                }
                read.append((char) next);
            }
            return read.toString();
        }

        long rest() {
            long bytes = 0;
            try {
                for (long n = in.skip(1 << 16); n > 0; n = in.skip(1 << 16)) {
                    bytes += n;
                }
            } catch (IOException reset) {
                return bytes;
            }
            return bytes;
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }
}
