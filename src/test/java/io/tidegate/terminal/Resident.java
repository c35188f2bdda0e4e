package io.tidegate.terminal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Samples the resident memory of a process every 50 ms, on a separate thread. */
final class Resident implements AutoCloseable {

    private final Path status;
    private final Thread sampler = new Thread(this::run, "resident");
    private volatile boolean closed;
    private volatile long peakKib;

    Resident(Process process) throws IOException {
        this.status = Path.of("/proc", Long.toString(process.pid()), "status");
        this.peakKib = kib();
        sampler.setDaemon(true);
        sampler.start();
    }

    /** Returns the current size in KiB. */
    long kib() throws IOException {
        return Files.readAllLines(status).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                .sum();
    }

    /** Returns the largest sample in KiB. */
    long peakKib() {
        return peakKib;
    }

    private void run() {
        try {
            while (!closed) {
                peakKib = Math.max(peakKib, kib());
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
            }
        } catch (IOException ended) {
            // The process has ended.
        }
    }

    @Override
    public void close() {
        closed = true;
    }
}
