package io.tidegate.edge.netty;

import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.util.AsciiString;
import io.tidegate.edge.message.RequestHead;
import io.vertx.core.http.HttpServerConfig;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.impl.http1.VertxHttpRequestDecoder;
import java.util.List;
import java.util.Set;

/**
 * Reads heads as HTTP has them where Vert.x 5.0 does not: it takes {@code Content-Xength} for {@code Content-Length} and
 * {@code Content-Xype} for {@code Content-Type}, whatever stands in the place of the X, since it does not compare that one
 * letter; a proxy before us would see another end of the request. It also counts header lines, which only their bytes bound
 * otherwise, and refuses a line without a name, a version of HTTP that is none of its own, and every transfer coding but
 * {@code chunked} alone: it would read the body as if no other had been named.
 */
final class StrictDecoder extends VertxHttpRequestDecoder {

    private static final String NAME = "httpDecoder";
    private static final Set<String> VERSIONS = Set.of("HTTP/1.1", "HTTP/1.0");

    private final int mostHeaders;
    private int headers;

    private StrictDecoder(HttpServerOptions options, int mostHeaders) {
        super(new HttpServerConfig(options).getHttp1Config());
        this.mostHeaders = mostHeaders;
    }

    /**
     * Takes the place of the decoder of an HTTP/1 connection from which nothing was read yet.
     *
     * @param options those of the connection's server
     */
    static void install(ChannelPipeline pipeline, HttpServerOptions options, int mostHeaders) {
        pipeline.replace(NAME, NAME, new StrictDecoder(options, mostHeaders));
    }

    @Override
    protected HttpMessage createMessage(String[] initialLine) {
        headers = 0;
        if (!VERSIONS.contains(initialLine[2])) {
            throw new IllegalArgumentException("another protocol, or a version that is none");
        }
        return super.createMessage(initialLine);
    }

    /** Called once for each head, when all its lines are there. */
    @Override
    protected boolean isContentAlwaysEmpty(HttpMessage message) {
        List<String> encodings = message.headers().getAll(HttpHeaderNames.TRANSFER_ENCODING);
        if (!RequestHead.hasKnownCoding(encodings)) {
            throw new IllegalArgumentException("a transfer coding that is not chunked alone");
        }
        return super.isContentAlwaysEmpty(message);
    }

    @Override
    protected AsciiString splitHeaderName(byte[] bytes, int start, int length) {
        if (length == 0) {
            throw new IllegalArgumentException("a header line without a name");
        }
        if (++headers > mostHeaders) {
            throw new TooLongHttpHeaderException("more header lines than allowed");
        }
        return super.splitHeaderName(bytes, start, length);
    }
}
