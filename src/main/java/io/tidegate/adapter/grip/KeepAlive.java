package io.tidegate.adapter.grip;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;

/**
 * The keep-alive message for a held stream, which is sent after a period without other data.
 *
 * @param interval whether the message is sent at regular intervals, even if other data was sent
 */
record KeepAlive(Buffer content, int seconds, boolean interval) {

    private static final int DEFAULT_SECONDS = 55;

    /**
     * Parses {@code Grip-Keep-Alive}: {@code content; format=cstring; timeout=20; mode=interval}.
     *
     * @throws IllegalArgumentException if the field is malformed
     */
    static KeepAlive parse(String field) {
        String[] parts = field.split(";", -1);
        String format = "raw";
        int seconds = DEFAULT_SECONDS;
        boolean interval = false;
        for (int i = 1; i < parts.length; i++) {
            String[] parameter = parts[i].strip().split("=", 2);
            String value = parameter.length == 2 ? parameter[1].strip() : "";
            switch (parameter[0].toLowerCase(Locale.ROOT)) {
                case "format" -> format = value;
                case "timeout" -> seconds = Math.max(1, Integer.parseInt(value));
                case "mode" -> interval = value.equals("interval");
                default -> {
                    // Unknown parameters are ignored.
                }
            }
        }
        return new KeepAlive(Buffer.buffer(content(parts[0].strip(), format)), seconds, interval);
    }

    private static byte[] content(String text, String format) {
        return switch (format) {
            case "raw" -> text.getBytes(StandardCharsets.UTF_8);
            case "cstring" -> unescape(text).getBytes(StandardCharsets.UTF_8);
            case "base64" -> Base64.getDecoder().decode(text);
            default ->
                throw new IllegalArgumentException("the format of Grip-Keep-Alive must be raw, cstring or base64");
        };
    }

    private static String unescape(String text) {
        StringBuilder plain = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c != '\\' || ++i == text.length()) {
                plain.append(c);
                continue;
            }
            plain.append(
                    switch (text.charAt(i)) {
                        case 'n' -> '\n';
                        case 'r' -> '\r';
                        case 't' -> '\t';
                        case '0' -> '\0';
                        case 'x' -> hexadecimal(text, i);
                        default -> text.charAt(i);
                    });
            if (text.charAt(i) == 'x') {
                i += 2;
            }
        }
        return plain.toString();
    }

    /** Parses the two hexadecimal digits that follow the {@code x} at this index. */
    private static char hexadecimal(String text, int x) {
        if (x + 2 >= text.length()) {
            throw new IllegalArgumentException("\\x in Grip-Keep-Alive must be followed by two hexadecimal digits");
        }
        return (char) Integer.parseInt(text, x + 1, x + 3, 16);
    }
}
