package io.tidegate.terminal;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tidegate.fixture.TestTerminal;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/** A client of one session, like the page: sends input, and records all output of the session. */
final class TestShell implements WebSocket.Listener {

    static final HttpClient HTTP = HttpClient.newHttpClient();

    private static final long TIMEOUT_SECONDS = 40;

    private final StringBuilder shown = new StringBuilder();
    private final CompletableFuture<String> closed = new CompletableFuture<>();
    private final boolean reads;
    private WebSocket socket;

    private TestShell(boolean reads) {
        this.reads = reads;
    }

    /** Creates a session. */
    static JsonObject create(URI base, String body) throws Exception {
        return new JsonObject(send("POST", base.resolve("/api/sessions"), body).body());
    }

    static HttpResponse<String> send(String method, URI uri, String body) throws Exception {
        return HTTP.send(
                HttpRequest.newBuilder(uri)
                        .method(method, BodyPublishers.ofString(body))
                        .build(),
                BodyHandlers.ofString());
    }

    static TestShell attach(TestTerminal terminal, JsonObject session) throws Exception {
        return attach(terminal.uri("/"), session.getString("id"), true);
    }

    /**
     * Attaches a client to a session.
     *
     * @param reads whether messages are read
     */
    static TestShell attach(URI base, String session, boolean reads) throws Exception {
        TestShell shell = new TestShell(reads);
        shell.socket = HTTP.newWebSocketBuilder()
                .buildAsync(
                        URI.create("ws"
                                + base.resolve("/ws/sessions/" + session)
                                        .toString()
                                        .substring(4)),
                        shell)
                .get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
        return shell;
    }

    TestShell type(String text) throws Exception {
        socket.sendBinary(ByteBuffer.wrap(text.getBytes(UTF_8)), true).get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
        return this;
    }

    TestShell resize(int cols, int rows) throws Exception {
        String size = "{\"cols\":" + cols + ",\"rows\":" + rows + "}";
        socket.sendText(size, true).get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
        return this;
    }

    /** Waits until the output contains a text. Returns the whole output so far. */
    String await(String text) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(TIMEOUT_SECONDS);
        synchronized (shown) {
            while (shown.indexOf(text) < 0) {
                long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
                if (left <= 0) {
                    throw new AssertionError("expected '" + text + "' in " + shown);
                }
                shown.wait(left);
            }
            return shown.toString();
        }
    }

    /** Waits for the end of the session. Returns the close code and the reason. */
    String awaitClose() throws Exception {
        return closed.get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
    }

    @Override
    public void onOpen(WebSocket opened) {
        if (reads) {
            opened.request(1);
        }
    }

    @Override
    public CompletionStage<?> onBinary(WebSocket from, ByteBuffer data, boolean last) {
        synchronized (shown) {
            shown.append(UTF_8.decode(data));
            shown.notifyAll();
        }
        from.request(1);
        return null;
    }

    @Override
    public CompletionStage<?> onClose(WebSocket from, int code, String reason) {
        closed.complete(code + " " + reason);
        return null;
    }

    @Override
    public void onError(WebSocket from, Throwable error) {
        closed.completeExceptionally(error);
    }
}
