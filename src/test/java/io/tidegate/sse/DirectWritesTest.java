package io.tidegate.sse;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.tidegate.event.Cursor;
import io.vertx.core.Vertx;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DirectWritesTest {

    @Test
    void theServerOfThisVersionCanBeWrittenPastItsEncoder() throws Exception {
        Vertx vertx = Vertx.vertx();
        try {
            assertTrue(DirectWrites.work(vertx).await(20, TimeUnit.SECONDS));
        } finally {
            vertx.close().await(20, TimeUnit.SECONDS);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 14, 15, 16, 255, 256, 4095, 4096, 65_535, 65_536, 1_048_576})
    void aChunkHasItsSizeItsFramesAndNothingElse(int size) {
        ByteBuf buffer = io.netty.buffer.Unpooled.buffer().writeZero(Frames.CHUNK_HEAD);
        buffer.writeBytes("x".repeat(size).getBytes(StandardCharsets.US_ASCII));
        try (Frames frames = new Frames(buffer)) {
            ByteBuf chunk = frames.chunk(0);
            String expected = Integer.toHexString(size) + "\r\n" + "x".repeat(size) + "\r\n";
            assertEquals(expected, chunk.toString(StandardCharsets.US_ASCII));
            chunk.release();
            assertEquals(size, frames.plain().length());
        }
        assertEquals(0, buffer.refCnt());
    }

    @Test
    void everyStreamIsHandedTheSameBytes() {
        try (Frames frames = new FrameWriter().position(new Cursor("epoch", 7)).frames()) {
            ByteBuf one = frames.chunk(0);
            ByteBuf other = frames.chunk(0);
            assertEquals(one.memoryAddress(), other.memoryAddress());
            one.release();
            other.release();
        }
    }
}
