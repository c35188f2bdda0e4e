package io.tidegate;

import io.tidegate.EventStreamParser.Message;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One stream over a raw socket, read as an EventSource reads it. The head is read by {@link #open}; a thread of its own
 * reads the rest.
 */
public final class TestStream implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    /** Marks the end of the response in {@link #messages}. */
    private static final Message END = new Message("end of stream", "", "");

    private final Socket socket;
    private final InputStream in;
    private final int status;
    private final Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    private final EventStreamParser parser = new EventStreamParser();
    private final BlockingQueue<Message> messages = new LinkedBlockingQueue<>();
    private final StringBuilder body = new StringBuilder();

    private TestStream(Socket socket) throws IOException {
        this.socket = socket;
        this.in = socket.getInputStream();
        this.status = Integer.parseInt(line().substring(9, 12));
        for (String header = line(); !header.isEmpty(); header = line()) {
            int colon = header.indexOf(':');
            headers.put(header.substring(0, colon), header.substring(colon + 1).strip());
        }
    }

    /** Sends a GET that asks for a stream; further headers come as whole lines. */
    public static TestStream open(int port, String path, String... headers) throws IOException {
        TestStream stream = connect(new Socket(InetAddress.getLoopbackAddress(), port), path, headers);
        stream.readOn();
        return stream;
    }

    /** The same over a connection that is there, with TLS perhaps. */
    public static TestStream open(Socket socket, String path, String... headers) throws IOException {
        TestStream stream = connect(socket, path, headers);
        stream.readOn();
        return stream;
    }

    /** The same with the smallest receive buffer, of which nothing is read before {@link #readOn}. */
    public static TestStream openStalled(int port, String path, String... headers) throws IOException {
        Socket socket = new Socket();
        socket.setReceiveBufferSize(4096);
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        return connect(socket, path, headers);
    }

    private static TestStream connect(Socket socket, String path, String... headers) throws IOException {
        StringBuilder request = new StringBuilder("GET " + path + " HTTP/1.1\r\nHost: localhost:" + socket.getPort());
        request.append("\r\nAccept: text/event-stream\r\n");
        for (String header : headers) {
            request.append(header).append("\r\n");
        }
        socket.getOutputStream().write(request.append("\r\n").toString().getBytes(StandardCharsets.UTF_8));
        return new TestStream(socket);
    }

    /** Begins to read what follows the head. */
    public void readOn() {
        Thread reader = new Thread(this::read, "test-stream");
        reader.setDaemon(true);
        reader.start();
    }

    /** Waits until the stream has sent this text. */
    public synchronized void awaitBody(String text) throws InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (body.indexOf(text) < 0) {
            long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
            if (left <= 0) {
                throw new AssertionError("never sent " + text + " but " + body);
            }
            wait(left);
        }
    }

    public int status() {
        return status;
    }

    public @Nullable String header(String name) {
        return headers.get(name);
    }

    /** The next message; fails when none comes or the stream has ended. */
    public Message next() throws InterruptedException {
        Message message = messages.poll(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        if (message == null || message.equals(END)) {
            throw new AssertionError(message == null ? "no message came" : "the stream ended");
        }
        return message;
    }

    public List<Message> next(int number) throws InterruptedException {
        List<Message> next = new ArrayList<>();
        while (next.size() < number) {
            next.add(next());
        }
        return next;
    }

    /** The messages up to the end of the response. */
    public List<Message> rest() throws InterruptedException {
        List<Message> rest = new ArrayList<>();
        for (; ; ) {
            Message message = messages.poll(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
            if (message == null) {
                throw new AssertionError("the stream did not end; it gave " + rest);
            }
            if (message.equals(END)) {
                return rest;
            }
            rest.add(message);
        }
    }

    /** The messages that have arrived and were not taken. */
    public List<Message> arrived() {
        List<Message> arrived = new ArrayList<>();
        messages.drainTo(arrived);
        return arrived;
    }

    public synchronized String lastEventId() {
        return parser.lastEventId();
    }

    public synchronized long retryMillis() {
        return parser.retryMillis();
    }

    /** Everything the stream has sent so far, as text. */
    public synchronized String body() {
        return body.toString();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    private void read() {
        try {
            boolean chunked = "chunked".equalsIgnoreCase(headers.get("Transfer-Encoding"));
            for (byte[] bytes = some(chunked); bytes.length > 0; bytes = some(chunked)) {
                take(bytes);
            }
        } catch (IOException closed) {
            // The end, as the reader sees it.
        }
        messages.add(END);
    }

    private synchronized void take(byte[] bytes) {
        body.append(new String(bytes, StandardCharsets.UTF_8));
        messages.addAll(parser.feed(bytes));
        notifyAll();
    }

    /** The next bytes of the body; empty at its end. */
    private byte[] some(boolean chunked) throws IOException {
        if (!chunked) {
            byte[] buffer = new byte[8192];
            int n = in.read(buffer);
            return n <= 0 ? new byte[0] : java.util.Arrays.copyOf(buffer, n);
        }
        int size = Integer.parseInt(line().strip(), 16);
        byte[] chunk = in.readNBytes(size);
        line();
        return chunk;
    }

    private String line() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0) {
                throw new IOException("the connection ended");
            }
            if (c != '\r') {
                line.append((char) c);
            }
        }
        return line.toString();
    }
}
