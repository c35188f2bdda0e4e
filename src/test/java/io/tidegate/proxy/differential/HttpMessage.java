package io.tidegate.proxy.differential;

import java.util.List;
import java.util.Locale;

/**
 * An HTTP/1 message as it was received, one character for each byte.
 *
 * @param start the request line or status line
 * @param body the body without its framing; {@link #NO_BODY} if the head announced none
 * @param complete whether the message arrived up to the end that its framing announced
 */
record HttpMessage(String start, List<Field> fields, String body, List<Field> trailers, boolean complete) {

    static final String NO_BODY = "(none)";

    record Field(String name, String value) {

        static Field parse(String line) {
            int colon = line.indexOf(':');
            return colon < 0
                    ? new Field("(malformed)", line)
                    : new Field(
                            line.substring(0, colon).toLowerCase(Locale.ROOT),
                            line.substring(colon + 1).strip());
        }
    }

    /** Returns the values of a field in their order, separated by {@code " | "}; empty if the field is absent. */
    static String values(List<Field> fields, String name) {
        return String.join(
                " | ",
                fields.stream()
                        .filter(field -> field.name().equals(name))
                        .map(field -> field.value().isEmpty() ? "(empty)" : field.value())
                        .toList());
    }

    String values(String name) {
        return values(fields, name);
    }

    /** Returns the same message with another text in all its values. */
    HttpMessage replace(String text, String other) {
        List<Field> replaced = fields.stream()
                .map(field -> new Field(field.name(), field.value().replace(text, other)))
                .toList();
        return new HttpMessage(start, replaced, body, trailers, complete);
    }

    /** Returns the status code; 0 if the status line is malformed. */
    int status() {
        return start.matches("HTTP/\\d\\.\\d \\d{3}( .*)?") ? Integer.parseInt(start.substring(9, 12)) : 0;
    }

    /** Returns method and target of a request. */
    String requestLine() {
        int version = start.lastIndexOf(" HTTP/");
        return version < 0 ? start : start.substring(0, version);
    }

    String phrase() {
        return start.length() > 13 ? start.substring(13) : "";
    }
}
