package io.tidegate.terminal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** The resident memory of a process, looked at all the time. */
final class Resident implements AutoCloseable {

    private final Path status;
    private final Thread watcher = new Thread(this::watch, "resident");
    private volatile boolean over;
    private volatile long peakKib;

    Resident(Process process) throws IOException {
        this.status = Path.of("/proc", Long.toString(process.pid()), "status");
        this.peakKib = kib();
        watcher.setDaemon(true);
        watcher.start();
    }

    /** Now. */
    long kib() throws IOException {
        return Files.readAllLines(status).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                .sum();
    }

    /** The most that was seen. */
    long peakKib() {
        return peakKib;
    }

    private void watch() {
        try {
            while (!over) {
                peakKib = Math.max(peakKib, kib());
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
            }
        } catch (IOException ended) {
            // With the process.
        }
    }

    @Override
    public void close() {
        over = true;
    }
}
