package io.tidegate.proxy.differential;

import io.tidegate.fixture.SocketServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * An origin on a free port that records the requests that it receives, and answers with the behaviour that was set
 * last.
 */
final class RecordingOrigin implements AutoCloseable {

    /** The target of requests that only test whether a connection is still usable. They are not recorded. */
    static final String PROBE = "/still-there";

    private static final int DRAIN_MILLIS = 1_000;
    private static final long QUIET_NANOS = TimeUnit.SECONDS.toNanos(2);

    private final SocketServer server = new SocketServer();
    private final Set<MessageReader> connections = ConcurrentHashMap.newKeySet();
    private final List<HttpMessage> recorded = new ArrayList<>();
    private volatile Behaviour behaviour = Behaviour.sends("nothing", "");

    RecordingOrigin() throws IOException {
        server.start(this::serve);
    }

    int port() {
        return server.port();
    }

    void behave(Behaviour next) {
        behaviour = next;
    }

    /**
     * Waits until no connection is in the middle of a message, and the proxy has noticed which ones this origin has
     * closed. Requests that follow do not depend on the time that this takes.
     */
    void settle() {
        long deadline = System.nanoTime() + QUIET_NANOS;
        while (!connections.stream().allMatch(MessageReader::isIdle) && System.nanoTime() < deadline) {
            LockSupport.parkNanos(TimeUnit.MICROSECONDS.toNanos(200));
        }
    }

    /** Returns the complete requests since the last call. */
    List<HttpMessage> take() {
        settle();
        synchronized (recorded) {
            List<HttpMessage> taken = List.copyOf(recorded);
            recorded.clear();
            return taken;
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
    }

    private void serve(Socket socket) throws IOException {
        socket.setTcpNoDelay(true);
        MessageReader reader = new MessageReader(socket);
        connections.add(reader);
        try {
            while (exchange(socket, reader)) {
                // The next request of this connection.
            }
            // Closes in an orderly way: whatever was sent must arrive, even if unread bytes have been received. The
            // proxy may keep a connection that the origin has closed.
            socket.shutdownOutput();
            socket.setSoTimeout(DRAIN_MILLIS);
            InputStream in = socket.getInputStream();
            in.skip(Long.MAX_VALUE);
        } finally {
            connections.remove(reader);
        }
    }

    private boolean exchange(Socket socket, MessageReader reader) throws IOException {
        HttpMessage head = reader.head();
        if (head.start().isEmpty() && !head.complete()) {
            return false;
        }
        if (head.requestLine().equals("GET " + PROBE)) {
            send(socket, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
            return true;
        }
        Behaviour now = behaviour.to(head.start().replaceFirst(" .*", ""));
        if (!now.readsBody()) {
            record(head);
        }
        send(socket, now.early());
        if (now.readsBody() && head.values("expect").equalsIgnoreCase("100-continue")) {
            send(socket, "HTTP/1.1 100 Continue\r\n\r\n");
        }
        if (now.readsBody()) {
            record(reader.requestBody(head));
        } else if (!now.closes()) {
            reader.requestBody(head);
        }
        send(socket, now.late());
        return !now.closes() && !reader.isEnded();
    }

    /** Records a complete request. An incomplete one is a request that the origin must not act on. */
    private void record(HttpMessage request) {
        if (request.complete()) {
            synchronized (recorded) {
                recorded.add(request.replace(":" + port(), ":(origin)"));
            }
        }
    }

    private static void send(Socket socket, String bytes) throws IOException {
        if (!bytes.isEmpty()) {
            socket.getOutputStream().write(bytes.getBytes(StandardCharsets.ISO_8859_1));
        }
    }
}
