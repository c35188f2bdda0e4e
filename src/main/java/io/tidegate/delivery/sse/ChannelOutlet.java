package io.tidegate.delivery.sse;

import io.netty.channel.ChannelHandlerContext;
import io.tidegate.edge.netty.RawChunkWriter;
import io.vertx.core.http.HttpServerResponse;

/**
 * Writes shared chunks to the channel directly, bypassing the HTTP encoder. The head and the end are written through
 * the response.
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

    /** Closes the connection as well, because its small send buffer must not be used for another response. */
    @Override
    public void end() {
        if (!response.closed() && !response.ended()) {
            response.end().onComplete(ended -> abort());
        }
    }
}
