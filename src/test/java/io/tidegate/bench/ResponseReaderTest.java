package io.tidegate.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class ResponseReaderTest {

    private final StringBuilder received = new StringBuilder();
    private final ResponseReader.Receiver receiver = new ResponseReader.Receiver() {
        @Override
        public void head(int status, String reason) {
            received.append(status).append('|');
        }

        @Override
        public void body(ByteBuf part) {
            received.append(part.toString(StandardCharsets.UTF_8));
        }

        @Override
        public void received(int bytes) {}

        @Override
        public void end(String reason) {
            received.append('|').append(reason);
        }
    };

    @Test
    void chunksAreTakenApartWhereverTheBytesAreCut() {
        String body = "3\r\none\r\n00A;name=\"a\"\r\n0123456789\r\n2\r\n\r\n\r\n0\r\nTrailer: 1\r\n\r\n";
        String response = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + body;
        for (int cut = 0; cut <= response.length(); cut++) {
            received.setLength(0);
            EmbeddedChannel channel = new EmbeddedChannel(new ResponseReader(receiver));
            write(channel, response.substring(0, cut));
            if (channel.isActive()) {
                write(channel, response.substring(cut));
            }
            assertEquals("200|one0123456789\r\n|the response ended", received.toString(), "cut at " + cut);
            assertFalse(channel.isActive());
        }
    }

    @Test
    void aBodyWithoutChunksLastsUntilTheConnectionEnds() {
        EmbeddedChannel channel = new EmbeddedChannel(new ResponseReader(receiver));
        write(channel, "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\ndata: 1\n");
        write(channel, "\ndata: 2");
        assertTrue(channel.isActive());
        channel.close().syncUninterruptibly();
        assertEquals("200|data: 1\n\ndata: 2|the connection was closed", received.toString());
    }

    @Test
    void whatIsNotHttpHasStatus0() {
        EmbeddedChannel channel = new EmbeddedChannel(new ResponseReader(receiver));
        write(channel, "SSH-2.0\r\n\r\n");
        assertEquals("0|", received.toString());
        write(new EmbeddedChannel(new ResponseReader(receiver)), "x".repeat(70_000));
        assertTrue(received.toString().endsWith("|the response head is too long"), received.toString());
    }

    private static void write(EmbeddedChannel channel, String text) {
        channel.writeInbound(Unpooled.copiedBuffer(text, StandardCharsets.UTF_8));
    }
}
