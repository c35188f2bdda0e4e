package io.tidegate.fault;

import io.tidegate.event.Cursor;
import io.vertx.core.json.JsonObject;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Publishes on its own thread, over one connection at a time and one request at a time, and records the outcomes. A
 * request without a response is not repeated, so its outcome remains unknown.
 */
final class Publisher implements AutoCloseable {

    private static final int TIMEOUT_MILLIS = 10_000;

    private final int id;
    private final int port;
    private final String token;
    private final String topic;
    private final String padding;
    private final int batch;
    private final long everyNanos;
    private final Optional<Budget> budget;
    private final List<Publication> log = Collections.synchronizedList(new ArrayList<>());
    private final Thread thread;
    private volatile boolean stopping;
    private volatile int lastStatus;
    private int number;
    private @Nullable Socket socket;
    private @Nullable InputStream in;

    /**
     * The load of one publisher.
     *
     * @param topic the topic of all its events
     * @param batch the number of events in a request
     * @param everyNanos the minimum interval between requests
     * @param bytes the number of bytes of padding in each event
     * @param budget the budget that limits its events; empty for no limit
     */
    record Plan(String topic, int batch, long everyNanos, int bytes, Optional<Budget> budget) {

        Plan(String topic, int batch, long everyNanos, int bytes) {
            this(topic, batch, everyNanos, bytes, Optional.empty());
        }
    }

    Publisher(int id, int port, String token, Plan plan) {
        this.id = id;
        this.port = port;
        this.token = token;
        this.topic = plan.topic();
        this.padding = "x".repeat(plan.bytes());
        this.batch = plan.batch();
        this.everyNanos = plan.everyNanos();
        this.budget = plan.budget();
        this.thread = new Thread(this::run, "publisher-" + id);
        thread.setDaemon(true);
    }

    Publisher start() {
        thread.start();
        return this;
    }

    private void run() {
        long next = System.nanoTime();
        while (!stopping) {
            if (budget.isEmpty()) {
                publish();
            } else if (budget.get().take(batch) && !publish()) {
                budget.get().release(batch);
            }
            next = Math.max(next + everyNanos, System.nanoTime() - everyNanos);
            LockSupport.parkNanos(next - System.nanoTime());
        }
    }

    /**
     * Publishes one batch on the caller's thread, which must be the only publishing thread. Returns whether the batch
     * was acknowledged.
     */
    boolean publish() {
        List<Long> values = new ArrayList<>();
        StringBuilder body = new StringBuilder("[");
        for (int i = 0; i < batch; i++) {
            number++;
            values.add(Publication.value(id, number));
            body.append(i == 0 ? "" : ",").append(draft());
        }
        List<Publication> outcome = send(values, body.append(']').toString());
        log.addAll(outcome);
        if (outcome.get(0).outcome() != Publication.Outcome.ACKNOWLEDGED) {
            LockSupport.parkNanos(5_000_000);
        }
        return outcome.get(0).outcome() == Publication.Outcome.ACKNOWLEDGED;
    }

    private String draft() {
        return "{\"topic\":\"" + topic + "\",\"type\":\"fault\",\"data\":{\"p\":" + id + ",\"n\":" + number + ",\"t\":"
                + System.nanoTime() + ",\"x\":\"" + padding + "\"}}";
    }

    private List<Publication> send(List<Long> values, String body) {
        boolean sent = false;
        try {
            Socket open = connected();
            sent = true;
            open.getOutputStream().write(request(body));
            JsonObject response = response();
            if (lastStatus == 200) {
                Cursor last = Cursor.parse(response.getString("cursor"));
                List<Publication> acknowledged = new ArrayList<>();
                for (int i = 0; i < values.size(); i++) {
                    acknowledged.add(
                            Publication.acknowledged(values.get(i), last.at(last.offset() - values.size() + 1 + i)));
                }
                return acknowledged;
            }
            boolean unknown = lastStatus == 500 || lastStatus == 503;
            return values.stream()
                    .map(unknown ? Publication::unknown : Publication::refused)
                    .toList();
        } catch (IOException | RuntimeException broken) {
            disconnect();
            return values.stream()
                    .map(sent ? Publication::unknown : Publication::refused)
                    .toList();
        }
    }

    private Socket connected() throws IOException {
        Socket open = socket;
        if (open == null) {
            open = new Socket();
            open.setTcpNoDelay(true);
            open.setSoTimeout(TIMEOUT_MILLIS);
            open.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), TIMEOUT_MILLIS);
            in = new BufferedInputStream(open.getInputStream());
            socket = open;
        }
        return open;
    }

    private byte[] request(String body) {
        return ("POST /api/events HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                        + "Authorization: Bearer "
                        + token + "\r\nContent-Length: " + body.length() + "\r\n\r\n" + body)
                .getBytes(StandardCharsets.US_ASCII);
    }

    private JsonObject response() throws IOException {
        int status = Integer.parseInt(line().substring(9, 12));
        int length = 0;
        for (String header = line(); !header.isEmpty(); header = line()) {
            if (header.regionMatches(true, 0, "content-length:", 0, 15)) {
                length = Integer.parseInt(header.substring(15).strip());
            }
        }
        byte[] body = in == null ? new byte[0] : in.readNBytes(length);
        if (body.length < length) {
            throw new IOException("the response was truncated");
        }
        lastStatus = status;
        return new JsonObject(new String(body, StandardCharsets.UTF_8));
    }

    private String line() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in == null ? -1 : in.read(); c != '\n'; c = in == null ? -1 : in.read()) {
            if (c < 0) {
                throw new IOException("the connection ended");
            }
            line.append((char) c);
        }
        return line.toString().stripTrailing();
    }

    private void disconnect() {
        try {
            if (socket != null) {
                socket.close();
            }
        } catch (IOException gone) {
            // The socket is discarded anyway.
        }
        socket = null;
        in = null;
    }

    /** Returns a copy of all publications so far. */
    List<Publication> log() {
        synchronized (log) {
            return List.copyOf(log);
        }
    }

    int lastStatus() {
        return lastStatus;
    }

    /** Stops publishing, and waits for the request in flight. */
    void stop() {
        stopping = true;
        LockSupport.unpark(thread);
        try {
            thread.join(2 * TIMEOUT_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        stop();
        disconnect();
    }
}
