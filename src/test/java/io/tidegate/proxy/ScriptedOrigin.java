package io.tidegate.proxy;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.tidegate.fixture.SocketServer;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * An HTTP/1.1 server on blocking sockets that behaves as specified by the path of each request: for example, {@code
 * /EARLY/7} makes it respond before it reads the body. A path that names no behaviour gets a complete response with the
 * path as its body. It trusts its connections as real servers do: bytes after a request are the next request.
 */
final class ScriptedOrigin implements AutoCloseable {

    /** The reactions to a request; each comment ends with the result that the client must see. */
    enum Behaviour {
        /** Reads the request and responds: the response. */
        WHOLE,
        /** Responds as soon as the head is there, then reads the body and keeps the connection: the response. */
        EARLY,
        /** Responds as soon as the head is there and closes the connection without reading the body: the response. */
        EARLY_CLOSE,
        /** Responds without a length and closes the connection: the response. */
        UNTIL_CLOSE,
        /**
         * Sends a complete response without {@code Connection: close}, then closes the idle connection: the response.
         */
        CLOSE_IDLE,
        /** Sends {@link #LARGE} bytes as HTTP/1.0 and closes the connection: the response. */
        LARGE_HTTP_1_0,
        /** Sends {@link #LARGE} bytes without a length and closes the connection: the response. */
        LARGE_UNTIL_CLOSE,
        /** Sends another response after the end of the response: the response without it. */
        TOO_MUCH,
        /** Sends bytes after the end of the response that are no response: the response without them. */
        REMAINDER,
        /** Sends a body with a status that has none: an empty response. */
        BODY_OF_204,
        /** Ends before the length that it declared: a broken response. */
        HALF_LENGTH,
        /** Ends before the last chunk: a broken response. */
        HALF_CHUNKED,
        /** Closes the connection instead of responding: a problem. */
        SILENT_CLOSE,
        /** Never responds: a problem. */
        STALL;

        boolean isComplete() {
            return compareTo(HALF_LENGTH) < 0;
        }
    }

    static final String BODY = "answer";
    static final int LARGE = 3 << 20;
    /** The behaviours after which the connection stays open, besides those that read the whole request. */
    private static final Set<Behaviour> KEPT =
            EnumSet.of(Behaviour.TOO_MUCH, Behaviour.REMAINDER, Behaviour.BODY_OF_204);

    private final SocketServer server = new SocketServer();
    private final List<String> heads = new CopyOnWriteArrayList<>();
    private final AtomicInteger connections = new AtomicInteger();
    private final AtomicBoolean closeNext = new AtomicBoolean();

    ScriptedOrigin() throws IOException {
        server.start(this::serve);
    }

    int port() {
        return server.port();
    }

    /** Returns the heads of all requests that were executed, in the order of their arrival. */
    List<String> heads() {
        return heads;
    }

    int connections() {
        return connections.get();
    }

    /** Closes the connection of the next request instead of executing it. */
    void closeNext() {
        closeNext.set(true);
    }

    private void serve(Socket socket) throws IOException {
        connections.incrementAndGet();
        InputStream in = new BufferedInputStream(socket.getInputStream());
        boolean next = true;
        while (next) {
            String head = head(in);
            if (head.isEmpty() || closeNext.getAndSet(false)) {
                return;
            }
            heads.add(head);
            next = respond(head, in, socket.getOutputStream());
        }
    }

    /** Returns whether the connection carries another request. */
    private static boolean respond(String head, InputStream in, OutputStream out) throws IOException {
        Behaviour behaviour = behaviour(head);
        if (behaviour == Behaviour.EARLY) {
            send(out, response(""));
            readBody(head, in);
            return true;
        } else if (behaviour == Behaviour.EARLY_CLOSE) {
            send(out, response("Connection: close\r\n"));
            return false;
        }
        readBody(head, in);
        switch (behaviour) {
            case UNTIL_CLOSE -> send(out, "HTTP/1.1 200 OK\r\n\r\n" + BODY);
            case LARGE_HTTP_1_0 -> {
                send(out, "HTTP/1.0 200 OK\r\nContent-Length: " + LARGE + "\r\n\r\n");
                out.write(new byte[LARGE]);
            }
            case LARGE_UNTIL_CLOSE -> {
                send(out, "HTTP/1.1 200 OK\r\n\r\n");
                out.write(new byte[LARGE]);
            }
            case CLOSE_IDLE -> send(out, response(""));
            case TOO_MUCH -> send(out, response("") + "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nforged");
            case REMAINDER -> send(out, response("") + ", and more");
            case BODY_OF_204 -> send(out, "HTTP/1.1 204 No Content\r\nContent-Length: 4\r\n\r\nbody");
            case HALF_LENGTH -> send(out, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf");
            case HALF_CHUNKED -> send(out, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n");
            case SILENT_CLOSE -> {}
            case STALL -> in.read();
            default -> {
                send(out, response("", head.split(" ", -1)[1]));
                return true;
            }
        }
        return KEPT.contains(behaviour);
    }

    private static Behaviour behaviour(String head) {
        String name = head.split("[ /]+", 3)[1];
        for (Behaviour behaviour : Behaviour.values()) {
            if (behaviour.name().equals(name) && behaviour != Behaviour.WHOLE) {
                return behaviour;
            }
        }
        return Behaviour.WHOLE;
    }

    private static String response(String fields) {
        return response(fields, BODY);
    }

    private static String response(String fields, String body) {
        return "HTTP/1.1 200 OK\r\n" + fields + "Content-Length: " + body.length() + "\r\n\r\n" + body;
    }

    private static void send(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(ISO_8859_1));
        out.flush();
    }

    private static String head(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int next = in.read();
            if (next < 0) {
                return "";
            }
            head.append((char) next);
        }
        return head.toString();
    }

    private static void readBody(String head, InputStream in) throws IOException {
        String lower = head.toLowerCase(Locale.ROOT);
        int length = lower.indexOf("content-length: ");
        if (length >= 0) {
            int end = lower.indexOf('\r', length);
            in.skipNBytes(Long.parseLong(lower.substring(length + "content-length: ".length(), end)));
        } else if (lower.contains("transfer-encoding: chunked")) {
            int size = chunkSize(in);
            while (size > 0) {
                in.skipNBytes(size + 2L);
                size = chunkSize(in);
            }
            chunkLine(in);
        }
    }

    private static int chunkSize(InputStream in) throws IOException {
        return Integer.parseInt(chunkLine(in).strip(), 16);
    }

    private static String chunkLine(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        while (line.indexOf("\n") < 0) {
            int next = in.read();
            if (next < 0) {
                throw new IOException("the request ended within its body");
            }
            line.append((char) next);
        }
        return line.toString();
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
