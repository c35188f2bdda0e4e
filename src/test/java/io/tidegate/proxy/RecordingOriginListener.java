package io.tidegate.proxy;

import io.tidegate.proxy.origin.OriginListener;
import io.tidegate.proxy.origin.TrafficClass;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** All that a listener was told, a line each. */
final class RecordingOriginListener implements OriginListener {

    private static final long PATIENCE_MS = 30_000;

    final List<String> lines = new CopyOnWriteArrayList<>();

    /** Waits until this line is among them. */
    synchronized void await(String line) throws InterruptedException {
        long deadline = System.currentTimeMillis() + PATIENCE_MS;
        while (!lines.contains(line)) {
            long left = deadline - System.currentTimeMillis();
            if (left <= 0) {
                throw new AssertionError("only " + lines);
            }
            wait(left);
        }
    }

    private synchronized void add(String line) {
        lines.add(line);
        notifyAll();
    }

    @Override
    public void ended(String prefix, TrafficClass lane, Outcome outcome) {
        add(prefix + " " + lane.text() + " " + outcome.text());
    }

    @Override
    public void retried(String prefix) {
        add(prefix + " retried");
    }

    @Override
    public void ejected(String prefix) {
        add(prefix + " ejected");
    }
}
