package io.tidegate.bench.wire;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.tidegate.bench.workload.EventStamp;
import java.util.Locale;

/**
 * Parses one HTTP/1.1 response without copying its body: passes on the head as text, then the body without its chunk
 * framing. Owned by one event loop.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a failed write or close ends the channel, which its handlers notice
public final class ResponseReader extends ChannelInboundHandlerAdapter {

    /** Receives the parts of a response, on the event loop of the connection. */
    public interface Receiver {

        /** The head is complete. */
        void head(int status, String head);

        /** A part of the body was received; it must be read before the method returns. */
        void body(ByteBuf in, int from, int to);

        /** Bytes of any part were received. */
        void received(int bytes);

        /** The response or the connection has ended. Called once, as the last method. */
        void end(String reason);
    }

    private static final int MAX_HEAD = 64 << 10;

    private final Receiver receiver;
    private final StringBuilder head = new StringBuilder();
    private boolean inBody;
    private boolean chunked;
    private boolean ended;

    /** The state of the current chunk, or of the line with the size of the next one. */
    private long left;

    private long size;
    private int digits;
    private boolean afterDigits;

    public ResponseReader(Receiver receiver) {
        this.receiver = receiver;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf in = (ByteBuf) message;
        try {
            receiver.received(in.readableBytes());
            if (!inBody) {
                readHead(in);
            }
            if (inBody && chunked) {
                readChunks(in);
            } else if (inBody && !ended) {
                receiver.body(in, in.readerIndex(), in.writerIndex());
            }
        } finally {
            in.release();
        }
        if (ended) {
            ctx.close();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        end("the connection was closed");
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        end(String.valueOf(cause.getMessage()));
        ctx.close();
    }

    private void readHead(ByteBuf in) {
        while (in.isReadable() && !inBody) {
            head.append((char) (in.readByte() & 0xff));
            int length = head.length();
            inBody = length > 3 && head.charAt(length - 1) == '\n' && head.indexOf("\r\n\r\n", length - 4) >= 0;
            if (length > MAX_HEAD) {
                end("the response head is too long");
                return;
            }
        }
        if (inBody) {
            String text = head.toString();
            head.setLength(0);
            head.trimToSize();
            chunked = text.toLowerCase(Locale.ROOT).contains("\r\ntransfer-encoding: chunked\r\n");
            receiver.head(status(text), text);
        }
    }

    private static int status(String head) {
        boolean valid = head.startsWith("HTTP/1.") && head.length() > 12;
        String digits = valid ? head.substring(9, 12) : "";
        return digits.chars().allMatch(c -> c >= '0' && c <= '9') && valid ? Integer.parseInt(digits) : 0;
    }

    private void readChunks(ByteBuf in) {
        while (in.isReadable() && !ended) {
            if (left > 0) {
                int length = (int) Math.min(left, in.readableBytes());
                receiver.body(in, in.readerIndex(), in.readerIndex() + length);
                in.skipBytes(length);
                left -= length;
            } else {
                readSize(in.readByte());
            }
        }
    }

    /**
     * Parses a line with a chunk size. The line end after the previous chunk is a line without a size, and is skipped.
     */
    private void readSize(byte b) {
        int digit = afterDigits ? -1 : EventStamp.digit(b);
        if (digit >= 0) {
            size = size << 4 | digit;
            digits++;
        } else if (b != '\n') {
            afterDigits = true;
        } else {
            if (digits > 0 && size == 0) {
                end("the response ended");
            }
            left = size;
            size = 0;
            digits = 0;
            afterDigits = false;
        }
    }

    private void end(String reason) {
        if (!ended) {
            ended = true;
            receiver.end(reason);
        }
    }
}
