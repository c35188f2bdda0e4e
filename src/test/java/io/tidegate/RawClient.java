package io.tidegate;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;

/** One connection over which a test sends what no well-behaved client would; a character is a byte. */
public final class RawClient implements AutoCloseable {

    private static final int PATIENCE_MS = 20_000;

    private final Socket socket;
    private final InputStream in;

    public RawClient(int port) throws IOException {
        socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(PATIENCE_MS);
        in = socket.getInputStream();
    }

    /** What came back. */
    public record Answer(int status, Map<String, String> headers, String body) {

        public String header(String name) {
            return headers.getOrDefault(name, "");
        }

        public JsonObject json() {
            return new JsonObject(body);
        }
    }

    public RawClient send(String bytes) throws IOException {
        socket.getOutputStream().write(bytes.getBytes(StandardCharsets.ISO_8859_1));
        return this;
    }

    /** Reads the answer to a request that was not HEAD, with its body. */
    public Answer answer() throws IOException {
        Answer head = head();
        if (head.header("Transfer-Encoding").equals("chunked")) {
            return new Answer(head.status(), head.headers(), chunks());
        }
        String length = head.header("Content-Length");
        byte[] body = in.readNBytes(length.isEmpty() ? 0 : Integer.parseInt(length));
        return new Answer(head.status(), head.headers(), new String(body, StandardCharsets.UTF_8));
    }

    /** Reads the head of an answer and nothing more. */
    public Answer head() throws IOException {
        int status = Integer.parseInt(line().substring(9, 12));
        Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        for (String header = line(); !header.isEmpty(); header = line()) {
            int colon = header.indexOf(':');
            headers.put(header.substring(0, colon), header.substring(colon + 1).strip());
        }
        return new Answer(status, headers, "");
    }

    /** Reads one chunk of a body whose head has been read. */
    public String chunk() throws IOException {
        String chunk = new String(in.readNBytes(Integer.parseInt(line(), 16)), StandardCharsets.UTF_8);
        line();
        return chunk;
    }

    /** Whether the server has ended the connection without another byte. */
    public boolean ended() throws IOException {
        return in.read() < 0;
    }

    /** Everything up to the end of the connection, also where it is reset. */
    public String rest() throws IOException {
        StringBuilder rest = new StringBuilder();
        try {
            for (int c = in.read(); c >= 0; c = in.read()) {
                rest.append((char) c);
            }
        } catch (SocketException reset) {
            // What was unread on the other side when it hung up.
        }
        return rest.toString();
    }

    /** Whether something has come that was not read yet. */
    public boolean answered() throws IOException {
        return in.available() > 0;
    }

    /** As many as these. */
    public String bytes(int count) throws IOException {
        return new String(in.readNBytes(count), StandardCharsets.ISO_8859_1);
    }

    /** Waits until the server has ended the connection, whatever it says before. */
    public void awaitEnd() throws IOException {
        in.transferTo(OutputStream.nullOutputStream());
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    private String chunks() throws IOException {
        StringBuilder body = new StringBuilder();
        for (int size = Integer.parseInt(line(), 16); size > 0; size = Integer.parseInt(line(), 16)) {
            body.append(new String(in.readNBytes(size), StandardCharsets.UTF_8));
            line();
        }
        line();
        return body.toString();
    }

    private String line() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0) {
                throw new IOException("the connection ended after " + line);
            }
            if (c != '\r') {
                line.append((char) c);
            }
        }
        return line.toString();
    }
}
