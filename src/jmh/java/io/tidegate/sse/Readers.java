package io.tidegate.sse;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** Sockets that take what a server writes and throw it away, on a thread of their own. It makes no object for a read. */
final class Readers implements AutoCloseable {

    private static final int PATIENCE_SECONDS = 30;

    private final Selector selector = Selector.open();
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(64 << 10);
    private final Consumer<SelectionKey> read = this::read;
    private final CountDownLatch opened = new CountDownLatch(1);
    private final Semaphore whole = new Semaphore(0);
    private final int number;
    private final AtomicInteger left = new AtomicInteger();
    private volatile boolean closed;

    Readers(int number) throws IOException {
        this.number = number;
    }

    /** Opens all, waits until they are open, and takes what that brought. */
    void connect(int port) throws IOException, InterruptedException {
        byte[] request = "GET / HTTP/1.1\r\nHost: bench\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
        for (int i = 0; i < number; i++) {
            SocketChannel channel = SocketChannel.open(new InetSocketAddress("127.0.0.1", port));
            channel.write(ByteBuffer.wrap(request));
            channel.configureBlocking(false);
            channel.register(selector, SelectionKey.OP_READ);
        }
        if (!opened.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            throw new IOException("the streams were not opened");
        }
        drain();
        Thread thread = new Thread(this::run, "readers");
        thread.setDaemon(true);
        thread.start();
    }

    /** The server has answered all requests. */
    void opened() {
        opened.countDown();
    }

    /** From now on each reader is to get one write. */
    void expect() {
        left.set(number);
    }

    void await() throws InterruptedException {
        if (!whole.tryAcquire(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            throw new IllegalStateException("readers went without");
        }
    }

    /** What the opening brought; nothing comes for a while after it. */
    private void drain() throws IOException {
        while (selector.select(this::skip, 200) > 0) {
            // Until it is quiet.
        }
    }

    private void skip(SelectionKey key) {
        read(key, -1);
    }

    private void run() {
        try {
            while (!closed) {
                selector.select(read);
            }
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    private void read(SelectionKey key) {
        read(key, 1);
    }

    private void read(SelectionKey key, int counts) {
        try {
            buffer.clear();
            int bytes = ((SocketChannel) key.channel()).read(buffer);
            if (bytes > 0 && counts > 0 && left.decrementAndGet() == 0) {
                whole.release();
            }
        } catch (IOException broken) {
            key.cancel();
        }
    }

    @Override
    public void close() throws IOException {
        closed = true;
        selector.wakeup();
        for (SelectionKey key : selector.keys()) {
            key.channel().close();
        }
    }
}
