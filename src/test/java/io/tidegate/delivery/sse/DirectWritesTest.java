package io.tidegate.delivery.sse;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.tidegate.edge.netty.Internals;
import io.tidegate.event.Cursor;
import io.tidegate.fixture.RawClient;
import io.vertx.core.Vertx;
import io.vertx.junit5.ProvidedBy;
import io.vertx.junit5.VertxExtension;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(VertxExtension.class)
class DirectWritesTest {

    /** The descriptor of the closed socket may already belong to another file or connection. */
    @Test
    void nothingIsWrittenToTheSocketOfAConnectionThatHasJustBeenClosed(@ProvidedBy(NativeTransport.class) Vertx vertx)
            throws Exception {
        CompletableFuture<List<Boolean>> writable = new CompletableFuture<>();
        int port = vertx.createHttpServer()
                .requestHandler(request -> {
                    request.response().setChunked(true).write("first");
                    Outlet outlet = new ChannelOutlet(
                            request.response(),
                            Internals.USED.chunkEncoder(request).orElseThrow());
                    outlet.whenWritable(() -> writable.complete(aroundClose(outlet)));
                })
                .listen(0, "127.0.0.1")
                .await(20, TimeUnit.SECONDS)
                .actualPort();
        try (RawClient client = new RawClient(port)) {
            client.send("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
            assertEquals(List.of(true, true, false), writable.get(20, TimeUnit.SECONDS));
        }
    }

    /**
     * Returns whether the outlet is writable before its first direct write, after it, and in the turn in which it is
     * closed.
     */
    private static List<Boolean> aroundClose(Outlet outlet) {
        List<Boolean> writable = new ArrayList<>();
        writable.add(outlet.writable());
        try (Frames frames = new FrameWriter().position(new Cursor("epoch", 7)).frames()) {
            outlet.write(frames);
            writable.add(outlet.writable());
            outlet.abort();
            outlet.write(frames);
            writable.add(outlet.writable());
        }
        return writable;
    }

    /** The test uses a buffer on the heap, as on a virtual machine that does not expose memory addresses. */
    @ParameterizedTest
    @ValueSource(ints = {1, 14, 15, 16, 255, 256, 4095, 4096, 65_535, 65_536, 1_048_576})
    void aChunkHasItsSizeItsFramesAndNothingElse(int size) {
        ByteBuf buffer = Unpooled.buffer().writeZero(Frames.CHUNK_HEAD);
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
