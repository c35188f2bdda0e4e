package io.tidegate.delivery.sse;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.tidegate.event.Draft;
import io.tidegate.event.JsonText;
import io.vertx.core.Vertx;
import io.vertx.junit5.ProvidedBy;
import io.vertx.junit5.VertxExtension;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Checks the cost of an event per receiving stream, measured in allocations and received bytes rather than in time. */
@Timeout(120)
@ExtendWith(VertxExtension.class)
class FanOutTest {

    private static final int STREAMS = 300;
    private static final int EVENTS = 200;

    @Test
    void oneMoreStreamAllocatesNothingForAnEvent(@ProvidedBy(NativeTransport.class) Vertx vertx) throws Exception {
        long one = allocatedForEvents(vertx, 1);
        long many = allocatedForEvents(vertx, STREAMS);
        double each = (double) (many - one) / (STREAMS - 1) / EVENTS;
        // A separate buffer for each stream would cost about 50 bytes. All other work of the loop is shared by all
        // streams.
        assertTrue(each < 1, "bytes allocated per stream and event: " + each);
    }

    @Test
    void whatCameInOneTurnIsOneEncodingAndOneWriteForEachStream(@ProvidedBy(NativeTransport.class) Vertx vertx)
            throws Exception {
        Bed bed = open(vertx);
        try {
            List<SocketChannel> clients = connect(bed, 20);
            bed.publish(IntStream.range(0, 10).mapToObj(FanOutTest::draft).toArray(Draft[]::new));
            String first = chunk(clients.get(0));
            assertEquals(10, first.split("id: ", -1).length - 1, first);
            for (SocketChannel client : clients.subList(1, clients.size())) {
                assertEquals(first, chunk(client));
            }
        } finally {
            bed.close().await(20, TimeUnit.SECONDS);
        }
    }

    /**
     * Returns the number of bytes that the loop allocates while it delivers the events to the given number of streams,
     * one event per turn.
     */
    private static long allocatedForEvents(Vertx vertx, int streams) throws Exception {
        Bed bed = open(vertx);
        try {
            List<SocketChannel> clients = connect(bed, streams);
            round(bed, clients, EVENTS);
            CompletableFuture<Long> loop = new CompletableFuture<>();
            bed.run(() -> loop.complete(Thread.currentThread().getId()));
            ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
            long before = threads.getThreadAllocatedBytes(loop.get());
            round(bed, clients, EVENTS);
            return threads.getThreadAllocatedBytes(loop.get()) - before;
        } finally {
            bed.close().await(20, TimeUnit.SECONDS);
        }
    }

    private static void round(Bed bed, List<SocketChannel> clients, int events) throws IOException {
        for (int i = 0; i < events; i++) {
            bed.publish(draft(i));
            for (SocketChannel client : clients) {
                chunk(client);
            }
        }
    }

    private static Draft draft(int n) {
        return Draft.of("load", "tick", JsonText.parse(Integer.toString(n)));
    }

    private static Bed open(Vertx vertx) throws Exception {
        StreamOptions usual = StreamOptions.DEFAULTS;
        StreamOptions noHeartbeat = new StreamOptions(
                Duration.ofHours(1),
                usual.heartbeatForm(),
                usual.retry(),
                usual.sendBuffer(),
                usual.maxLag(),
                usual.maxLagBytes(),
                usual.drainWindow());
        Bed bed = new Bed(noHeartbeat, Instant.now().plus(Duration.ofHours(2)));
        bed.open(vertx).await(20, TimeUnit.SECONDS);
        return bed;
    }

    /** Opens streams and reads the head and the first message of each one. */
    private static List<SocketChannel> connect(Bed bed, int count) throws IOException {
        List<SocketChannel> clients = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            SocketChannel client =
                    SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), bed.port()));
            client.write(ByteBuffer.wrap(
                    "GET /events HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\n\r\n".getBytes(US_ASCII)));
            String text = read(client);
            while (!text.endsWith("\n\n\r\n")) {
                text += read(client);
            }
            clients.add(client);
        }
        return clients;
    }

    /** Reads the next chunk of a stream. No other bytes may be in transit. */
    private static String chunk(SocketChannel client) throws IOException {
        String text = read(client);
        int size = text.indexOf("\r\n");
        int length = size + 2 + Integer.parseInt(text.substring(0, size), 16) + 2;
        while (text.length() < length) {
            text += read(client);
        }
        assertEquals(length, text.length(), "there must be one chunk and nothing else");
        return text;
    }

    private static String read(SocketChannel client) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(8192);
        assertTrue(client.read(bytes) > 0, "closed");
        return new String(Arrays.copyOf(bytes.array(), bytes.position()), US_ASCII);
    }
}
