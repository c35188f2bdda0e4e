package io.tidegate.proxy;

import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetSocket;
import io.vertx.core.streams.WriteStream;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Passes the bytes that one side of a WebSocket sends on to the other side, unchanged, and can end the stream with a
 * Close frame from the gateway. That frame is inserted only between two frames. Owned by one event loop.
 */
final class WebSocketOutput implements WriteStream<Buffer> {

    /** The first byte of a Close frame: FIN and the opcode. */
    private static final byte CLOSE = (byte) 0x88;

    private static final byte MASKED = (byte) 0x80;
    /** The status code for an endpoint that is shutting down (RFC 6455, 7.4.1). */
    private static final short GOING_AWAY = 1001;

    private final NetSocket socket;
    private final boolean toOrigin;
    private final Runnable senderClosed;
    private final FrameTracker frames = new FrameTracker();
    private boolean closing;
    private boolean ended;

    /**
     * Creates an output.
     *
     * @param socket the receiving side
     * @param toOrigin whether the receiving side is the origin; frames to it are masked
     * @param senderClosed the callback that runs when the other side has responded to the gateway's Close frame
     */
    WebSocketOutput(NetSocket socket, boolean toOrigin, Runnable senderClosed) {
        this.socket = socket;
        this.toOrigin = toOrigin;
        this.senderClosed = senderClosed;
    }

    /** Returns whether the sending side has sent a Close frame. */
    boolean senderHasClosed() {
        return frames.closed();
    }

    /** Sends a Close frame with 1001 after the current frame, and discards all later bytes from the sending side. */
    void goAway() {
        closing = true;
        if (frames.atBoundary()) {
            sendClose();
        }
    }

    @Override
    public Future<Void> write(Buffer bytes) {
        if (!closing) {
            frames.advance(bytes, 0);
            return socket.write(bytes);
        }
        int end = 0;
        if (!ended) {
            end = frames.advanceFrame(bytes, 0);
            socket.write(bytes.slice(0, end));
            if (frames.atBoundary()) {
                sendClose();
            }
        }
        frames.advance(bytes, end);
        if (frames.closed()) {
            senderClosed.run();
        }
        return Future.succeededFuture();
    }

    private void sendClose() {
        ended = true;
        if (frames.closed()) {
            return; // No frames may follow a Close frame.
        }
        Buffer frame = Buffer.buffer().appendByte(CLOSE);
        if (toOrigin) {
            int key = ThreadLocalRandom.current().nextInt();
            frame.appendByte((byte) (MASKED | Short.BYTES)).appendInt(key).appendShort((short)
                    (GOING_AWAY ^ key >>> Short.SIZE));
        } else {
            frame.appendByte((byte) Short.BYTES).appendShort(GOING_AWAY);
        }
        socket.write(frame);
    }

    @Override
    public boolean writeQueueFull() {
        return !ended && socket.writeQueueFull();
    }

    @Override
    public WriteStream<Buffer> drainHandler(Handler<Void> handler) {
        socket.drainHandler(handler);
        return this;
    }

    @Override
    public Future<Void> end() {
        return socket.end();
    }

    @Override
    public WriteStream<Buffer> exceptionHandler(Handler<Throwable> handler) {
        socket.exceptionHandler(handler);
        return this;
    }

    @Override
    public WriteStream<Buffer> setWriteQueueMaxSize(int size) {
        socket.setWriteQueueMaxSize(size);
        return this;
    }
}
