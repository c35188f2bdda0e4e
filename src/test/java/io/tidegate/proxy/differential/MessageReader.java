package io.tidegate.proxy.differential;

import io.tidegate.proxy.differential.HttpMessage.Field;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Reads the messages of one connection, and records violations of HTTP/1.1 instead of rejecting the messages. */
final class MessageReader {

    private static final int END = -1;

    private final InputStream in;
    private volatile boolean idle = true;
    private boolean ended;

    MessageReader(Socket socket) throws IOException {
        in = new BufferedInputStream(socket.getInputStream());
    }

    /** Returns whether no byte of a next message has arrived. */
    boolean isIdle() {
        return idle;
    }

    /** Returns whether the peer has closed the connection. */
    boolean isEnded() {
        return ended;
    }

    /** Reads a head, with an empty body. Returns one without fields and not complete if the connection ends first. */
    HttpMessage head() throws IOException {
        idle = true;
        String start = line();
        List<Field> fields = fields();
        return new HttpMessage(start, fields, HttpMessage.NO_BODY, List.of(), !ended);
    }

    /** Reads the body of a request. */
    HttpMessage requestBody(HttpMessage head) throws IOException {
        if (!head.values("transfer-encoding").isEmpty()) {
            return chunked(head);
        }
        return head.values("content-length").isEmpty() ? head : sized(head);
    }

    /** Reads the body of a response, which may end with the connection. */
    HttpMessage responseBody(HttpMessage head, String method) throws IOException {
        int status = head.status();
        if (!head.complete() || method.equals("HEAD") || status == 204 || status == 304) {
            return head;
        }
        if (head.values("transfer-encoding").equalsIgnoreCase("chunked")) {
            return chunked(head);
        }
        return head.values("content-length").isEmpty() ? body(head, Integer.MAX_VALUE, true) : sized(head);
    }

    private HttpMessage sized(HttpMessage head) throws IOException {
        String length = head.values("content-length").replaceAll("[ |,].*", "");
        return length.matches("\\d{1,9}") ? body(head, Integer.parseInt(length), false) : head;
    }

    private HttpMessage body(HttpMessage head, int length, boolean endsWithConnection) throws IOException {
        String body = bytes(length);
        boolean complete = endsWithConnection || body.length() == length;
        return new HttpMessage(head.start(), head.fields(), body, List.of(), complete);
    }

    private HttpMessage chunked(HttpMessage head) throws IOException {
        StringBuilder body = new StringBuilder();
        while (!ended) {
            String size = line().replaceAll("[; \t].*", "");
            if (!size.matches("[0-9a-fA-F]{1,7}")) {
                break;
            }
            int length = Integer.parseInt(size, 16);
            if (length == 0) {
                List<Field> trailers = fields();
                return new HttpMessage(head.start(), head.fields(), body.toString(), trailers, !ended);
            }
            body.append(bytes(length));
            line();
        }
        return new HttpMessage(head.start(), head.fields(), body.toString(), List.of(), false);
    }

    private List<Field> fields() throws IOException {
        List<Field> fields = new ArrayList<>();
        for (String line = line(); !line.isEmpty() && !ended; line = line()) {
            fields.add(Field.parse(line));
        }
        return fields;
    }

    private String line() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int b = next(); b != '\n' && b != END; b = next()) {
            if (b != '\r') {
                line.write(b);
            }
        }
        return line.toString(StandardCharsets.ISO_8859_1);
    }

    private String bytes(int most) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        while (bytes.size() < most) {
            int b = next();
            if (b == END) {
                break;
            }
            bytes.write(b);
        }
        return bytes.toString(StandardCharsets.ISO_8859_1);
    }

    private int next() throws IOException {
        int b;
        try {
            b = in.read();
        } catch (SocketException reset) {
            b = END;
        }
        ended = b == END;
        idle = false;
        return b;
    }
}
