package io.tidegate.edge.netty;

import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2RemoteFlowController;
import io.netty.handler.codec.http2.Http2Stream;

/**
 * Defers writes to an HTTP/2 connection while its flow controller distributes the window among the streams. Vert.x
 * 5.1.10 writes during that distribution, so that writability changes are reported out of order. Its streams toggle a
 * flag on each report instead of reading the state, and a stream whose flag is wrong remains blocked permanently
 * (<a href="https://github.com/eclipse-vertx/vert.x/pull/6359">the fix in another branch</a>). Confined to one event
 * loop.
 */
final class Http2FlowControlFix implements Http2RemoteFlowController {

    private final Http2RemoteFlowController flow;
    private final ChannelHandlerContext connection;
    private int depth;
    private boolean deferred;

    private Http2FlowControlFix(Http2RemoteFlowController flow, ChannelHandlerContext connection) {
        this.flow = flow;
        this.connection = connection;
    }

    /** Replaces the flow controller of a connection that has no streams yet. */
    static void install(Http2ConnectionHandler handler, ChannelHandlerContext connection) {
        handler.connection()
                .remote()
                .flowController(
                        new Http2FlowControlFix(handler.connection().remote().flowController(), connection));
    }

    @Override
    public void writePendingBytes() throws Http2Exception {
        if (depth > 0) {
            deferred = true;
            return;
        }
        depth++;
        try {
            flow.writePendingBytes();
        } finally {
            leave();
        }
    }

    @Override
    public void channelWritabilityChanged() throws Http2Exception {
        depth++;
        try {
            flow.channelWritabilityChanged();
        } finally {
            leave();
        }
    }

    @Override
    public void incrementWindowSize(Http2Stream stream, int delta) throws Http2Exception {
        depth++;
        try {
            flow.incrementWindowSize(stream, delta);
        } finally {
            leave();
        }
    }

    @Override
    public void initialWindowSize(int size) throws Http2Exception {
        depth++;
        try {
            flow.initialWindowSize(size);
        } finally {
            leave();
        }
    }

    @Override
    public void addFlowControlled(Http2Stream stream, FlowControlled payload) {
        depth++;
        try {
            flow.addFlowControlled(stream, payload);
        } finally {
            leave();
        }
    }

    /** Flushes deferred writes in a separate task, once the outermost call has returned. */
    private void leave() {
        if (--depth == 0 && deferred) {
            deferred = false;
            connection.executor().execute(connection.channel()::flush);
        }
    }

    @Override
    public void channelHandlerContext(ChannelHandlerContext context) throws Http2Exception {
        flow.channelHandlerContext(context);
    }

    @Override
    public ChannelHandlerContext channelHandlerContext() {
        return flow.channelHandlerContext();
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
    public boolean hasFlowControlled(Http2Stream stream) {
        return flow.hasFlowControlled(stream);
    }

    @Override
    public void listener(Listener listener) {
        flow.listener(listener);
    }

    @Override
    public boolean isWritable(Http2Stream stream) {
        return flow.isWritable(stream);
    }

    @Override
    public void updateDependencyTree(int child, int parent, short weight, boolean exclusive) {
        flow.updateDependencyTree(child, parent, weight, exclusive);
    }
}
