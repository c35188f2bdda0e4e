package io.tidegate.adapter.grip;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import io.tidegate.delivery.sse.StreamOptions;
import io.tidegate.fixture.TestNode;
import io.tidegate.fixture.TestSettings;
import io.tidegate.node.Settings;
import io.tidegate.proxy.origin.Origin;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.locks.LockSupport;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Starts a service that uses only GRIP, a complete node in front of it, and clients whose requests the service hands
 * over to the node.
 */
final class GripBed implements AutoCloseable {

    static final String KEY = "changeme";

    private static final long TIMEOUT_NANOS = Duration.ofSeconds(60).toNanos();

    private final HttpClient http = HttpClient.newHttpClient();
    private final HttpServer service = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final BlockingQueue<Map<String, List<String>>> asked = new LinkedBlockingQueue<>();
    private final Settings settings;
    private final TestNode node;
    private volatile HttpHandler handler = exchange -> answer(exchange, 200, "");

    GripBed(Path folder) throws Exception {
        this(folder, UnaryOperator.identity());
    }

    GripBed(Path folder, UnaryOperator<Settings> changed) throws Exception {
        this(folder, UnaryOperator.identity(), changed);
    }

    GripBed(Path folder, UnaryOperator<StreamOptions> streams, UnaryOperator<Settings> changed) throws Exception {
        service.createContext("/", exchange -> {
            asked.add(exchange.getRequestHeaders());
            handler.handle(exchange);
        });
        service.setExecutor(threads);
        service.start();
        URI url = URI.create("http://127.0.0.1:" + service.getAddress().getPort());
        settings = changed.apply(TestSettings.in(folder)
                .streams(streams)
                .origins(new Origin("/live", url))
                .grip(new GripOptions(true, "pushpin", KEY))
                .build());
        node = TestNode.start(settings);
    }

    TestNode node() {
        return node;
    }

    Settings settings() {
        return settings;
    }

    URI publishTo() {
        return URI.create("http://127.0.0.1:" + node.managementPort());
    }

    /** Waits for the next request to the service and returns its headers. */
    Map<String, List<String>> asked() throws InterruptedException {
        return asked.take();
    }

    GripBed service(HttpHandler next) {
        handler = next;
        return this;
    }

    /** Sets the service's response to all further requests. {@code fields} contains alternating names and values. */
    GripBed answers(int status, String body, String... fields) {
        return service(exchange -> answer(exchange, status, body, fields));
    }

    GripBed holds(String channels) {
        return answers(200, "", "Grip-Hold", "stream", "Grip-Channel", channels);
    }

    static void answer(HttpExchange exchange, int status, String body, String... fields) throws IOException {
        for (int i = 0; i < fields.length; i += 2) {
            exchange.getResponseHeaders().add(fields[i], fields[i + 1]);
        }
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    static JsonObject item(String channel, String content) {
        return stream(channel, new JsonObject().put("content", content));
    }

    static JsonObject stream(String channel, JsonObject format) {
        return new JsonObject().put("channel", channel).put("formats", new JsonObject().put("http-stream", format));
    }

    static JsonObject response(String channel, JsonObject format) {
        return new JsonObject().put("channel", channel).put("formats", new JsonObject().put("http-response", format));
    }

    HttpResponse<String> publish(JsonObject... items) throws Exception {
        HttpResponse<String> answer = post(
                new JsonObject().put("items", new JsonArray(List.of(items))).encode());
        assertEquals(200, answer.statusCode(), answer.body());
        return answer;
    }

    HttpResponse<String> post(String body) throws Exception {
        return post(body, "application/json");
    }

    HttpResponse<String> post(String body, String type) throws Exception {
        return http.send(
                HttpRequest.newBuilder(publishTo().resolve("/publish/"))
                        .version(HttpClient.Version.HTTP_1_1)
                        .header("Content-Type", type)
                        .POST(BodyPublishers.ofString(body))
                        .build(),
                BodyHandlers.ofString());
    }

    /** Returns the value of a metric, or NaN if it does not exist; {@code name} includes all labels. */
    double metric(String name) throws Exception {
        return node.management("/metrics")
                .body()
                .lines()
                .filter(line -> line.startsWith(name + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(name.length() + 1)))
                .findFirst()
                .orElse(Double.NaN);
    }

    int streams() throws Exception {
        return new JsonObject(node.management("/ready").body()).getInteger("streams");
    }

    /** Waits for the condition, and fails with the message after a timeout. */
    static void await(Callable<Boolean> condition, String message) throws Exception {
        long end = System.nanoTime() + TIMEOUT_NANOS;
        while (!condition.call()) {
            if (System.nanoTime() - end > 0) {
                throw new AssertionError(message);
            }
            LockSupport.parkNanos(5_000_000);
        }
    }

    Client client(String path, String... lines) throws IOException {
        return new Client(path, lines);
    }

    @Override
    public void close() {
        node.close();
        service.stop(0);
        threads.shutdownNow();
    }

    /** A client that sends one request and reads its response byte by byte. */
    final class Client implements AutoCloseable {

        private final Socket socket = new Socket();
        private final InputStream in;

        private Client(String path, String... lines) throws IOException {
            // The small receive buffer limits the data that the kernel buffers for a client that does not read.
            socket.setReceiveBufferSize(16 << 10);
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), node.port()));
            socket.setSoTimeout(60_000);
            in = new BufferedInputStream(socket.getInputStream());
            ask(path, lines);
        }

        void ask(String path, String... lines) throws IOException {
            String more = lines.length == 0 ? "Accept: text/event-stream" : String.join("\r\n", lines);
            String request = "GET " + path + " HTTP/1.1\r\nHost: a\r\n" + more + "\r\n\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
        }

        /** Reads the response head. */
        String head() throws IOException {
            return until("\r\n\r\n");
        }

        /** Reads a complete response with a {@code Content-Length}. */
        String answer() throws IOException {
            String head = head();
            Matcher length = Pattern.compile("(?i)content-length: (\\d+)").matcher(head);
            int bytes = length.find() ? Integer.parseInt(length.group(1)) : 0;
            return head + new String(in.readNBytes(bytes), StandardCharsets.UTF_8);
        }

        /** Reads until the text read so far ends with the given text. */
        String until(String end) throws IOException {
            StringBuilder read = new StringBuilder();
            while (read.indexOf(end, read.length() - end.length()) < 0) {
                int next;
                try {
                    next = in.read();
                } catch (SocketTimeoutException late) {
                    throw new IOException("nothing more after: " + read, late);
                }
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
