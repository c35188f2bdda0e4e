package io.tidegate.bench;

import static io.tidegate.bench.Marked.stamp;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class EventStampTest {

    @Test
    void aMarkIsReadAsItWasWritten() {
        String stamp = stamp(EventStamp.MAX_RUN, EventStamp.MAX_SERIES, EventStamp.MAX_SEQUENCE, (1L << 48) - 1);
        assertEquals("~" + "f".repeat(EventStamp.LENGTH - 2) + "~", stamp);
        ByteBuf in = Unpooled.copiedBuffer("x" + stamp, StandardCharsets.US_ASCII);
        assertTrue(EventStamp.at(in, 1, EventStamp.MAX_RUN));
        assertEquals(EventStamp.MAX_SERIES, EventStamp.series(in, 1));
        assertEquals(EventStamp.MAX_SEQUENCE, EventStamp.sequence(in, 1));
        assertEquals((1L << 48) - 1, EventStamp.nanos(in, 1));
    }
}
