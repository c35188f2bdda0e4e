package io.tidegate.terminal;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/** A client that takes a file slowly, and the last half of it only when it is told to. */
final class SlowDownload implements AutoCloseable {

    private static final int PIECE = 64 << 10;
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(20);
    private static final int PATIENCE_MILLIS = 60_000;

    private final Socket socket = new Socket();
    private final long half;
    private final CompletableFuture<Long> received = new CompletableFuture<>();
    private volatile boolean hurry;
    private final AtomicLong taken = new AtomicLong();

    /** @param size of the file */
    SlowDownload(int port, String path, long size) throws IOException {
        half = size / 2;
        socket.setReceiveBufferSize(PIECE);
        socket.setSoTimeout(PATIENCE_MILLIS);
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        String request = "GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1:" + port + "\r\nConnection: close\r\n\r\n";
        socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
        Thread reader = new Thread(this::read, "slow-download");
        reader.setDaemon(true);
        reader.start();
    }

    /** How much has come, with the head of the answer. */
    long taken() {
        return taken.get();
    }

    /** Takes the rest at once; gives how much came, with the head of the answer. */
    long finish() throws Exception {
        hurry = true;
        return received.get(PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
    }

    private void read() {
        byte[] piece = new byte[PIECE];
        try {
            InputStream in = socket.getInputStream();
            for (int n = in.read(piece); n >= 0; n = in.read(piece)) {
                taken.addAndGet(n);
                do {
                    LockSupport.parkNanos(hurry ? 0 : PAUSE_NANOS);
                } while (!hurry && taken.get() >= half);
            }
            received.complete(taken.get());
        } catch (IOException broken) {
            received.completeExceptionally(broken);
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
