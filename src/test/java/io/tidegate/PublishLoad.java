package io.tidegate;

import io.tidegate.token.Role;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetSocket;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/**
 * Measures how fast a node acknowledges publishes that are forced to the disk, next to a bare write and
 * {@code fdatasync} on the same disk: {@code PublishLoad FOLDER [PUBLISHERS] [SECONDS]}. Node and publishers share the
 * process and the machine, so the figures are what is left for the node.
 */
public final class PublishLoad {

    private static final int WARM_UP_SECONDS = 5;
    private static final int SAMPLES = 2_000;
    private static final byte[] HEAD_END = "\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private final Vertx vertx = Vertx.vertx();
    private final int port;
    private final Buffer request;

    private PublishLoad(int port, String token) {
        this.port = port;
        String body = "{\"topic\":\"load\",\"type\":\"said\",\"data\":\"" + "x".repeat(100) + "\"}";
        this.request = Buffer.buffer("POST /api/events HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + token
                + "\r\nContent-Type: application/json\r\nContent-Length: " + body.length() + "\r\n\r\n" + body);
    }

    public static void main(String[] args) throws Exception {
        Path folder = Files.createTempDirectory(Path.of(args[0]), "load");
        int publishers = args.length > 1 ? Integer.parseInt(args[1]) : 64;
        int seconds = args.length > 2 ? Integer.parseInt(args[2]) : 20;
        Gateway gateway = Gateway.start(TestNode.settings(folder, options -> options, List.of()))
                .await(30, TimeUnit.SECONDS);
        PublishLoad load =
                new PublishLoad(gateway.httpPort(), gateway.token("load", Role.PUBLISHER, Duration.ofHours(1)));
        load.run(publishers, WARM_UP_SECONDS);
        long before = acknowledged(load.run(publishers, seconds));
        System.out.printf("publishers=%d acknowledged_per_second=%d%n", publishers, before / seconds);
        for (int round = 1; round <= 3; round++) {
            long bare = median(bareNanos(folder.resolve("bare")));
            long one = median(load.one());
            System.out.printf(
                    "round=%d bare_median_us=%d one_publisher_median_us=%d ratio=%.2f%n",
                    round, bare / 1_000, one / 1_000, (double) one / bare);
        }
        gateway.stop().await(30, TimeUnit.SECONDS);
        load.vertx.close().await(30, TimeUnit.SECONDS);
    }

    private List<Publisher> run(int publishers, int seconds) throws Exception {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        List<Publisher> all = IntStream.range(0, publishers)
                .mapToObj(i -> new Publisher(end, Integer.MAX_VALUE))
                .toList();
        Future.all(all.stream().map(Publisher::start).toList()).await(seconds + 30L, TimeUnit.SECONDS);
        return all;
    }

    private long[] one() throws Exception {
        Publisher publisher = new Publisher(Long.MAX_VALUE, SAMPLES);
        publisher.start().await(120, TimeUnit.SECONDS);
        return publisher.nanos;
    }

    private static long acknowledged(List<Publisher> publishers) {
        return publishers.stream().mapToLong(publisher -> publisher.answers).sum();
    }

    /** One page appended and forced, as often as the one publisher publishes. */
    private static long[] bareNanos(Path file) throws IOException {
        long[] nanos = new long[SAMPLES];
        ByteBuffer page = ByteBuffer.allocateDirect(4096);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            for (int i = 0; i < SAMPLES; i++) {
                long since = System.nanoTime();
                channel.write(page.rewind());
                channel.force(false);
                nanos[i] = System.nanoTime() - since;
            }
        }
        Files.delete(file);
        return nanos;
    }

    private static long median(long[] nanos) {
        Arrays.sort(nanos);
        return nanos[nanos.length / 2];
    }

    /** One connection that sends the next request when the answer to the last has come. Owned by one event loop. */
    private final class Publisher {
        private final long end;
        private final long[] nanos;
        private final int limit;
        private final Promise<Void> done = Promise.promise();
        private int answers;
        private long since;
        private Buffer pending = Buffer.buffer();

        Publisher(long end, int limit) {
            this.end = end;
            this.limit = limit;
            this.nanos = new long[limit == Integer.MAX_VALUE ? 0 : limit];
        }

        Future<Void> start() {
            NetClient client = vertx.createNetClient();
            client.connect(port, "127.0.0.1")
                    .onSuccess(socket -> {
                        socket.handler(bytes -> received(socket, bytes));
                        send(socket);
                    })
                    .onFailure(done::tryFail);
            return done.future().eventually(client::close);
        }

        private void send(NetSocket socket) {
            since = System.nanoTime();
            socket.write(request);
        }

        private void received(NetSocket socket, Buffer bytes) {
            pending.appendBuffer(bytes);
            int head = indexOf(pending.getBytes(), HEAD_END);
            if (head < 0 || pending.getByte(pending.length() - 1) != '}') {
                return;
            }
            if (!pending.getString(0, 12).equals("HTTP/1.1 200")) {
                done.tryFail(pending.toString());
                return;
            }
            if (nanos.length > 0) {
                nanos[answers] = System.nanoTime() - since;
            }
            pending = Buffer.buffer();
            answers++;
            if (answers < limit && System.nanoTime() < end) {
                send(socket);
            } else {
                done.tryComplete();
            }
        }

        private static int indexOf(byte[] bytes, byte[] part) {
            for (int i = 0; i <= bytes.length - part.length; i++) {
                if (Arrays.equals(bytes, i, i + part.length, part, 0, part.length)) {
                    return i;
                }
            }
            return -1;
        }
    }
}
