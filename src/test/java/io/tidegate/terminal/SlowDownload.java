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

/** A client that downloads the first half of a file slowly, and the second half only when {@link #finish} is called. */
final class SlowDownload implements AutoCloseable {

    private static final int PIECE = 64 << 10;
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(20);
    private static final int TIMEOUT_MILLIS = 60_000;

    private final Socket socket = new Socket();
    private final long half;
    private final CompletableFuture<Long> received = new CompletableFuture<>();
    private volatile boolean hurry;
    private final AtomicLong bytesRead = new AtomicLong();

    /**
     * Connects and starts the download on a separate thread.
     *
     * @param size the size of the file in bytes
     */
    SlowDownload(int port, String path, long size) throws IOException {
        half = size / 2;
        socket.setReceiveBufferSize(PIECE);
        socket.setSoTimeout(TIMEOUT_MILLIS);
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        String request = "GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1:" + port + "\r\nConnection: close\r\n\r\n";
        socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
        Thread reader = new Thread(this::read, "slow-download");
        reader.setDaemon(true);
        reader.start();
    }

    /** Returns the bytes read so far, including the head of the response. */
    long bytesRead() {
        return bytesRead.get();
    }

    /** Reads the rest without pauses. Returns the total number of bytes, including the head of the response. */
    long finish() throws Exception {
        hurry = true;
        return received.get(TIMEOUT_MILLIS, TimeUnit.MILLISECONDS);
    }

    private void read() {
        byte[] piece = new byte[PIECE];
        try {
            InputStream in = socket.getInputStream();
            for (int n = in.read(piece); n >= 0; n = in.read(piece)) {
                bytesRead.addAndGet(n);
                do {
                    LockSupport.parkNanos(hurry ? 0 : PAUSE_NANOS);
                } while (!hurry && bytesRead.get() >= half);
            }
            received.complete(bytesRead.get());
        } catch (IOException broken) {
            received.completeExceptionally(broken);
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
