package io.tidegate.fault;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** Runs any number of {@link FaultReader}s on one thread. */
final class Readers implements AutoCloseable {

    private static final long TICK_MILLIS = 10;
    private static final long TIMEOUT_SECONDS = 300;

    private final Selector selector;
    private final InetSocketAddress address;
    private final String token;
    private final Thread thread;
    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final List<FaultReader> readers = new ArrayList<>();
    private final ByteBuffer buffer = ByteBuffer.allocate(64 << 10);
    /** A future that completes when the thread has ended, exceptionally if the thread failed. */
    private final CompletableFuture<Void> end = new CompletableFuture<>();

    private volatile boolean stopping;

    Readers(int port, String token) throws IOException {
        this.selector = Selector.open();
        this.address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
        this.token = token;
        this.thread = new Thread(this::run, "readers");
        thread.setDaemon(true);
        thread.start();
    }

    /** Adds a reader, which connects immediately. */
    FaultReader open(FaultReader.Plan plan) {
        FaultReader reader = new FaultReader(plan, address, token);
        on(() -> readers.add(reader));
        return reader;
    }

    /** Runs a task on the thread of the readers and waits for it. Fails if the task or the thread fails. */
    void on(Runnable task) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        tasks.add(() -> {
            try {
                task.run();
                done.complete(null);
            } catch (RuntimeException | Error failed) {
                done.completeExceptionally(failed);
            }
        });
        selector.wakeup();
        CompletableFuture.anyOf(done, end)
                .orTimeout(TIMEOUT_SECONDS, TimeUnit.SECONDS)
                .join();
        if (!done.isDone()) {
            throw new IllegalStateException("the readers have been closed");
        }
    }

    /**
     * Waits on the caller's thread until a condition holds. The condition is evaluated on the thread of the readers.
     */
    boolean await(BooleanSupplier condition, Duration within) throws InterruptedException {
        long deadline = System.nanoTime() + within.toNanos();
        boolean[] holds = new boolean[1];
        for (; ; ) {
            on(() -> holds[0] = condition.getAsBoolean());
            if (holds[0] || System.nanoTime() > deadline) {
                return holds[0];
            }
            Kit.pause(TICK_MILLIS);
        }
    }

    Collection<FaultReader> all() {
        return readers;
    }

    private void run() {
        try {
            read();
            end.complete(null);
        } catch (IOException | RuntimeException | Error failed) {
            end.completeExceptionally(failed);
        }
    }

    private void read() throws IOException {
        while (!stopping) {
            selector.select(this::ready, TICK_MILLIS);
            for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
                task.run();
            }
            long now = System.nanoTime();
            readers.removeIf(FaultReader::gone);
            for (FaultReader reader : readers) {
                reader.tick(selector, now);
            }
        }
    }

    private void ready(SelectionKey key) {
        if (key.isValid() && key.attachment() instanceof FaultReader reader) {
            reader.ready(buffer);
        }
    }

    @Override
    public void close() throws IOException {
        try {
            on(() -> readers.forEach(FaultReader::leave));
        } finally {
            stopping = true;
            selector.wakeup();
            try {
                thread.join(10_000);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            selector.close();
        }
    }
}
