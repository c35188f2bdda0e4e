package io.tidegate.adapter.grip;

import io.tidegate.event.Topic;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;

/**
 * The id that the filter {@code build-id} inserts into content in place of {@code %I}. The id is composed of the ids of
 * the last items on several channels, so that a client that sends it when it reconnects can resume all channels.
 *
 * @param format the format of the id, in which {@code %(channel)s} stands for the id of the last item on a channel
 * @param hexadecimal whether the bytes of the id are written as hexadecimal digits
 */
record BuiltId(String format, boolean hexadecimal) {

    /**
     * Creates the id from a client's meta values.
     *
     * @throws IllegalArgumentException if the meta values do not define the id
     */
    static BuiltId of(Map<String, String> meta) {
        String format = meta.get("id_format");
        String encoding = meta.get("id_encoding");
        if (format == null) {
            throw new IllegalArgumentException("the filter build-id requires id_format in Grip-Set-Meta");
        }
        if (encoding != null && !encoding.equals("hex")) {
            throw new IllegalArgumentException("id_encoding must be hex");
        }
        return new BuiltId(format, encoding != null);
    }

    /**
     * Returns the content with {@code %I} replaced with the composed id, {@code %(id)I} with the id in parentheses, and
     * {@code %%} with a percent sign.
     *
     * @param last the ids of the last items on the client's channels; if empty, {@code %I} is not allowed
     * @throws IllegalArgumentException if a directive has no value
     */
    Buffer insertInto(Buffer content, Map<Topic, String> last) {
        return Directives.replaced(
                content, 'I', given -> given.or(() -> composed(last)).map(this::encoded));
    }

    private Optional<String> composed(Map<Topic, String> last) {
        return last.isEmpty()
                ? Optional.empty()
                : Optional.of(Directives.replaced(
                                Buffer.buffer(format),
                                's',
                                channel -> channel.map(name -> last.get(GripChannel.topic(name))))
                        .toString());
    }

    private String encoded(String id) {
        return hexadecimal ? HexFormat.of().formatHex(id.getBytes(StandardCharsets.UTF_8)) : id;
    }
}
