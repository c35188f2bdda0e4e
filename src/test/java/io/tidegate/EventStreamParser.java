package io.tidegate;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * What an EventSource makes of a stream: the algorithm of the WHATWG HTML standard, section 9.2.6, over bytes as they
 * arrive, however they are cut.
 */
public final class EventStreamParser {

    /** One dispatched event, with the id the EventSource would send when it reconnected now. */
    public record Message(String type, String data, String lastEventId) {}

    private static final BigInteger MOST = BigInteger.valueOf(Long.MAX_VALUE);

    private final List<Message> messages = new ArrayList<>();
    private byte[] line = new byte[256];
    private int length;
    private boolean afterCarriageReturn;
    private boolean first = true;
    private String type = "";
    private final StringBuilder data = new StringBuilder();
    private String idBuffer = "";
    private String lastEventId = "";
    private long retryMillis = -1;
    private int comments;
    private int dispatches;

    /** Takes bytes; returns what was dispatched since the last call. */
    public List<Message> feed(byte[] bytes) {
        messages.clear();
        for (byte b : bytes) {
            boolean newline = b == '\n';
            if (newline && afterCarriageReturn) {
                afterCarriageReturn = false;
                continue;
            }
            afterCarriageReturn = b == '\r';
            if (newline || b == '\r') {
                endOfLine();
            } else {
                append(b);
            }
        }
        return List.copyOf(messages);
    }

    public String lastEventId() {
        return lastEventId;
    }

    /** The reconnection time the stream named last; -1 when it named none. */
    public long retryMillis() {
        return retryMillis;
    }

    /** How many blocks have ended; each sets the last event id, also to nothing. */
    public int dispatches() {
        return dispatches;
    }

    public int comments() {
        return comments;
    }

    private void append(byte b) {
        if (length == line.length) {
            line = java.util.Arrays.copyOf(line, length * 2);
        }
        line[length++] = b;
    }

    private void endOfLine() {
        String text = new String(line, 0, length, StandardCharsets.UTF_8);
        length = 0;
        if (first && text.startsWith("\uFEFF")) {
            text = text.substring(1);
        }
        first = false;
        if (text.isEmpty()) {
            dispatch();
            return;
        }
        int colon = text.indexOf(':');
        if (colon == 0) {
            comments++;
        } else if (colon < 0) {
            field(text, "");
        } else {
            String value = text.substring(colon + 1);
            field(text.substring(0, colon), value.startsWith(" ") ? value.substring(1) : value);
        }
    }

    private void field(String name, String value) {
        switch (name) {
            case "event" -> type = value;
            case "data" -> data.append(value).append('\n');
            case "id" -> idBuffer = value.indexOf('\0') < 0 ? value : idBuffer;
            case "retry" -> {
                if (!value.isEmpty() && value.chars().allMatch(c -> c >= '0' && c <= '9')) {
                    retryMillis = new BigInteger(value).min(MOST).longValue();
                }
            }
            default -> {
                // An unknown field is ignored.
            }
        }
    }

    private void dispatch() {
        dispatches++;
        lastEventId = idBuffer;
        if (data.length() > 0) {
            data.setLength(data.length() - 1);
            messages.add(new Message(type.isEmpty() ? "message" : type, data.toString(), lastEventId));
        }
        data.setLength(0);
        type = "";
    }
}
