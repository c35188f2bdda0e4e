package io.tidegate.proxy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidegate.fixture.Sockets;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetSocket;
import io.vertx.core.streams.WriteStream;
import io.vertx.junit5.VertxExtension;
import java.io.InputStream;
import java.net.Socket;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.HexFormat;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests bodies that are larger than all buffers between the client and the origin. */
@ExtendWith(VertxExtension.class)
class LargeBodyTest {

    private static final int SIZE = 64 << 20;
    private static final byte[] CHUNK = chunk();

    private ProxyServer gateway;
    // Vert.x closes the connections of a client that was garbage-collected, so it is kept until the end of the test.
    private NetClient sockets;
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    @BeforeEach
    void make(Vertx vertx) {
        gateway = new ProxyServer(vertx);
        sockets = vertx.createNetClient();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void anUploadArrivesWhole(boolean lengthKnown) throws Exception {
        gateway.origin("/", LargeBodyTest::checksum).start();
        BodyPublisher body = BodyPublishers.ofInputStream(Repeated::new);
        HttpRequest upload = HttpRequest.newBuilder(gateway.uri("/"))
                .PUT(lengthKnown ? BodyPublishers.fromPublisher(body, SIZE) : body)
                .build();
        assertEquals(expected(), client.send(upload, BodyHandlers.ofString()).body());
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aDownloadArrivesWhole(boolean lengthKnown) throws Exception {
        gateway.origin("/", request -> {
                    HttpServerResponse response = request.response();
                    if (lengthKnown) {
                        response.putHeader("Content-Length", Integer.toString(SIZE));
                    } else {
                        response.setChunked(true);
                    }
                    fill(response, 0, new AtomicLong());
                })
                .start();
        HttpResponse<InputStream> answer =
                client.send(HttpRequest.newBuilder(gateway.uri("/")).build(), BodyHandlers.ofInputStream());
        CRC32C sum = new CRC32C();
        byte[] read = new byte[CHUNK.length];
        try (InputStream in = answer.body()) {
            for (int n = in.read(read); n >= 0; n = in.read(read)) {
                sum.update(read, 0, n);
            }
        }
        assertEquals(expected(), HexFormat.of().toHexDigits((int) sum.getValue()));
    }

    @Test
    void aClientThatDoesNotReadHoldsTheOriginBack() throws Exception {
        AtomicLong written = new AtomicLong();
        CompletableFuture<Void> full = new CompletableFuture<>();
        gateway.origin("/", request -> {
                    HttpServerResponse response =
                            request.response().putHeader("Content-Length", Integer.toString(SIZE));
                    fill(response, 0, written);
                    awaitIdle(written, -1, full);
                })
                .start();
        try (Socket socket = gateway.socket()) {
            Sockets.send(socket, "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
            full.get(30, TimeUnit.SECONDS);
            assertTrue(written.get() < SIZE / 2, written + " bytes were taken from the origin");
            long read = socket.getInputStream().skip(Long.MAX_VALUE);
            assertTrue(read > SIZE);
        }
    }

    @Test
    void anOriginThatDoesNotReadHoldsTheClientBack() throws Exception {
        CompletableFuture<HttpServerRequest> asked = new CompletableFuture<>();
        AtomicLong arrived = new AtomicLong();
        gateway.origin("/", request -> {
                    request.pause();
                    request.handler(chunk -> arrived.addAndGet(chunk.length()));
                    request.endHandler(end -> request.response().end("all"));
                    asked.complete(request);
                })
                .start();
        AtomicLong written = new AtomicLong();
        CompletableFuture<Void> full = new CompletableFuture<>();
        CompletableFuture<Void> answered = new CompletableFuture<>();
        NetSocket client = sockets.connect(gateway.port(), "127.0.0.1").await(10, TimeUnit.SECONDS);
        client.handler(answer -> answered.complete(null));
        client.write("PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: " + SIZE + "\r\n\r\n");
        fill(client, 0, written);
        awaitIdle(written, -1, full);
        full.get(30, TimeUnit.SECONDS);
        assertTrue(written.get() < SIZE / 2, written + " bytes were taken from the client");
        asked.get(10, TimeUnit.SECONDS).resume();
        answered.get(30, TimeUnit.SECONDS);
        assertEquals(SIZE, arrived.get());
    }

    /** Completes the promise when no bytes have been written for 300 ms. */
    private void awaitIdle(AtomicLong written, long before, CompletableFuture<Void> done) {
        gateway.vertx.setTimer(300, later -> {
            if (written.get() == before) {
                done.complete(null);
            } else {
                awaitIdle(written, written.get(), done);
            }
        });
    }

    private static void fill(WriteStream<Buffer> to, int from, AtomicLong written) {
        int sent = from;
        while (sent < SIZE && !to.writeQueueFull()) {
            to.write(Buffer.buffer(CHUNK));
            sent += CHUNK.length;
            written.addAndGet(CHUNK.length);
        }
        int next = sent;
        if (sent < SIZE) {
            to.drainHandler(drained -> fill(to, next, written));
        } else if (to instanceof HttpServerResponse response) {
            response.end();
        }
    }

    private static void checksum(HttpServerRequest request) {
        CRC32C sum = new CRC32C();
        request.handler(chunk -> sum.update(chunk.getBytes()));
        request.endHandler(end -> request.response().end(HexFormat.of().toHexDigits((int) sum.getValue())));
    }

    private static String expected() {
        CRC32C sum = new CRC32C();
        for (int sent = 0; sent < SIZE; sent += CHUNK.length) {
            sum.update(CHUNK);
        }
        return HexFormat.of().toHexDigits((int) sum.getValue());
    }

    private static byte[] chunk() {
        byte[] chunk = new byte[64 << 10];
        new Random(1).nextBytes(chunk);
        return chunk;
    }

    /** Repeats the chunk up to the size of the body. */
    private static final class Repeated extends InputStream {

        private int position;

        @Override
        public int read() {
            return position == SIZE ? -1 : CHUNK[position++ % CHUNK.length] & 0xff;
        }

        @Override
        public int read(byte[] into, int offset, int length) {
            if (position == SIZE) {
                return -1;
            }
            int start = position % CHUNK.length;
            int n = Math.min(length, CHUNK.length - start);
            System.arraycopy(CHUNK, start, into, offset, n);
            position += n;
            return n;
        }
    }
}
