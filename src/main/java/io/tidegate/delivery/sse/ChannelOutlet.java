package io.tidegate.delivery.sse;

import io.netty.channel.ChannelHandlerContext;
import io.tidegate.edge.netty.RawChunkWriter;
import io.vertx.core.http.HttpServerResponse;

/**
 * Writes shared chunks directly to the channel, bypassing the HTTP encoder. The head and the end are written through
 * the HTTP response.
 */
final class ChannelOutlet extends RawChunkWriter implements Outlet {

    private final HttpServerResponse response;

    ChannelOutlet(HttpServerResponse response, ChannelHandlerContext encoder) {
        super(encoder);
        this.response = response;
    }

    @Override
    public void write(Frames frames) {
        writeChunk(frames);
    }

    /**
     * Ends the response and closes the connection, because its small send buffer must not be used for another response.
     */
    @Override
    public void end() {
        if (!response.closed() && !response.ended()) {
            response.end().onComplete(ended -> abort());
        }
    }
}
