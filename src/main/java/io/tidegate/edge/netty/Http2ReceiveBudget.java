package io.tidegate.edge.netty;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2ConnectionAdapter;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameWriter;
import io.netty.handler.codec.http2.Http2LocalFlowController;
import io.netty.handler.codec.http2.Http2Stream;
import io.tidegate.edge.connection.BodyBudget;

/**
 * Charges the bytes that an HTTP/2 connection has received, but the gateway has not passed on yet, to the request body
 * budget. HTTP/2 windows allow several megabytes for each connection, whereas an HTTP/1 connection has only a socket
 * buffer; an amount of that size is free of charge here. A stream that exceeds the budget is reset. Confined to one
 * event loop.
 */
final class Http2ReceiveBudget implements Http2LocalFlowController {

    private static final int FREE_BYTES = 64 << 10;

    private final Http2LocalFlowController flow;
    private final Http2Connection connection;
    private final BodyBudget budget;
    private long reserved;

    private Http2ReceiveBudget(Http2LocalFlowController flow, Http2Connection connection, BodyBudget budget) {
        this.flow = flow;
        this.connection = connection;
        this.budget = budget;
    }

    /** Replaces the flow controller of a connection that has no streams yet. */
    static void install(Http2ConnectionHandler handler, BodyBudget budget) {
        Http2Connection connection = handler.connection();
        Http2ReceiveBudget charged = new Http2ReceiveBudget(connection.local().flowController(), connection, budget);
        connection.local().flowController(charged);
        connection.addListener(new Http2ConnectionAdapter() {
            @Override
            public void onStreamClosed(Http2Stream stream) {
                charged.update(); // The flow controller has consumed the rest of the stream.
            }
        });
    }

    @Override
    public void receiveFlowControlledFrame(Http2Stream stream, ByteBuf data, int padding, boolean endOfStream)
            throws Http2Exception {
        flow.receiveFlowControlledFrame(stream, data, padding, endOfStream);
        if (!update()) {
            throw Http2Exception.streamError(
                    stream.id(), Http2Error.ENHANCE_YOUR_CALM, "request bodies take too much memory");
        }
    }

    @Override
    public boolean consumeBytes(Http2Stream stream, int bytes) throws Http2Exception {
        boolean updated = flow.consumeBytes(stream, bytes);
        update();
        return updated;
    }

    /** Adjusts the reservation to the unconsumed bytes; returns false if the budget does not suffice. */
    private boolean update() {
        long needed = Math.max(0, flow.unconsumedBytes(connection.connectionStream()) - FREE_BYTES);
        if (needed > reserved) {
            if (!budget.reserve(needed - reserved)) {
                return false;
            }
        } else if (needed < reserved) {
            budget.release(reserved - needed);
        }
        reserved = needed;
        return true;
    }

    @Override
    public Http2LocalFlowController frameWriter(Http2FrameWriter writer) {
        flow.frameWriter(writer);
        return this;
    }

    @Override
    public int unconsumedBytes(Http2Stream stream) {
        return flow.unconsumedBytes(stream);
    }

    @Override
    public int initialWindowSize(Http2Stream stream) {
        return flow.initialWindowSize(stream);
    }

    @Override
    public void channelHandlerContext(ChannelHandlerContext context) throws Http2Exception {
        flow.channelHandlerContext(context);
    }

    @Override
    public void initialWindowSize(int size) throws Http2Exception {
        flow.initialWindowSize(size);
    }

    @Override
    public int initialWindowSize() {
        return flow.initialWindowSize();
    }

    @Override
    public int windowSize(Http2Stream stream) {
        return flow.windowSize(stream);
    }

    @Override
    public void incrementWindowSize(Http2Stream stream, int delta) throws Http2Exception {
        flow.incrementWindowSize(stream, delta);
    }
}
