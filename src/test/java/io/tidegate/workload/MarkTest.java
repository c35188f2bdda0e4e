package io.tidegate.workload;

import static io.tidegate.workload.Marked.mark;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class MarkTest {

    @Test
    void aMarkIsReadAsItWasWritten() {
        String mark = mark(Mark.MAX_RUN, Mark.MAX_SERIES, Mark.MAX_SEQUENCE, (1L << 48) - 1);
        assertEquals("~" + "f".repeat(Mark.LENGTH - 2) + "~", mark);
        ByteBuf in = Unpooled.copiedBuffer("x" + mark, StandardCharsets.US_ASCII);
        assertEquals(true, Mark.at(in, 1, Mark.MAX_RUN));
        assertEquals(Mark.MAX_SERIES, Mark.series(in, 1));
        assertEquals(Mark.MAX_SEQUENCE, Mark.sequence(in, 1));
        assertEquals((1L << 48) - 1, Mark.nanos(in, 1));
    }
}
