package io.tidegate.fault;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Parses one HTTP/1.1 response incrementally: its status, and the content of its chunks. */
final class ChunkedBody {

    private final StringBuilder line = new StringBuilder();
    private int status;
    private boolean inHead = true;
    private boolean ended;
    private boolean chunked;
    private int left;

    /** Parses the bytes in the buffer and returns those that belong to the body. */
    byte[] feed(ByteBuffer bytes) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(bytes.remaining());
        while (bytes.hasRemaining() && !ended) {
            if (left > 0) {
                int n = Math.min(left, bytes.remaining());
                byte[] part = new byte[n];
                bytes.get(part);
                out.writeBytes(part);
                left -= n;
            } else {
                byte b = bytes.get();
                if (b == '\n') {
                    line(line.toString().strip());
                    line.setLength(0);
                } else {
                    line.append((char) b);
                }
            }
        }
        return out.toByteArray();
    }

    private void line(String text) {
        if (inHead) {
            head(text);
        } else if (!text.isEmpty()) {
            left = Integer.parseInt(text, 16);
            ended = left == 0;
        }
    }

    private void head(String text) {
        if (status == 0) {
            status = Integer.parseInt(text.substring(9, 12));
        } else if (text.equalsIgnoreCase("transfer-encoding: chunked")) {
            chunked = true;
        } else if (text.isEmpty()) {
            inHead = false;
            ended = !chunked;
        }
    }

    /** Returns the status, or 0 if it has not been read yet. */
    int status() {
        return status;
    }

    /** Returns whether the response is complete. */
    boolean ended() {
        return ended;
    }

    static byte[] request(String path, String token, String lastEventId) {
        String resume = lastEventId.isEmpty() ? "" : "Last-Event-ID: " + lastEventId + "\r\n";
        return ("GET " + path + " HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\nAuthorization: Bearer "
                        + token + "\r\n" + resume + "\r\n")
                .getBytes(StandardCharsets.UTF_8);
    }
}
