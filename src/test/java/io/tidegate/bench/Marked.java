package io.tidegate.bench;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;

/** Writes event stamps as text. */
public final class Marked {

    private Marked() {}

    public static String stamp(int run, int series, int sequence, long nanos) {
        ByteBuf out = Unpooled.buffer();
        EventStamp.write(out, run, series, sequence, nanos);
        return out.toString(StandardCharsets.US_ASCII);
    }
}
