package io.tidegate.bench;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import java.nio.charset.StandardCharsets;

/**
 * The encoded publish request for one topic, into which the stamp of each event is inserted. Owned by one event loop.
 */
final class Publication {

    private static final byte[] PADDING = utf8("x".repeat(4096));

    private final byte[] before;
    private final byte[] after;
    private final int size;

    Publication(Target target, Load load, String topic) {
        String body = target.body().replace(Target.TOPIC, topic);
        int data = body.indexOf(Target.DATA);
        this.after = utf8(body.substring(data + Target.DATA.length()));
        this.size = load.size();
        byte[] first = utf8(body.substring(0, data));
        String head = target.head(
                "POST",
                target.publish(topic),
                "Content-Type: " + target.contentType() + "\r\nContent-Length: " + (first.length + size + after.length)
                        + "\r\n");
        this.before = utf8(head + body.substring(0, data));
    }

    /** Returns the complete request for an event. The stamp counts towards the size of the event's data. */
    ByteBuf request(int run, int series, int sequence, long nanos) {
        ByteBuf out = PooledByteBufAllocator.DEFAULT.directBuffer(before.length + size + after.length);
        out.writeBytes(before);
        EventStamp.write(out, run, series, sequence, nanos);
        for (int rest = size - EventStamp.LENGTH; rest > 0; rest -= PADDING.length) {
            out.writeBytes(PADDING, 0, Math.min(rest, PADDING.length));
        }
        return out.writeBytes(after);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
