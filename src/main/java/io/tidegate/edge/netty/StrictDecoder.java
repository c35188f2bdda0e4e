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
 * Decodes requests more strictly than Vert.x 5.0. That accepts any byte in place of one letter of
 * {@code Content-Length} and {@code Content-Type} ({@code Content-Xength}, {@code Content-Xype}), because it does not
 * compare this letter, so a proxy in front could see a different end of the request. This decoder also limits the
 * number of header lines, which Vert.x bounds only by their bytes, and refuses a header line without a name, a version
 * other than HTTP/1.1 and HTTP/1.0, and every transfer coding except {@code chunked} alone, because Vert.x would ignore
 * the others.
 */
final class StrictDecoder extends VertxHttpRequestDecoder {

    private static final String NAME = "httpDecoder";
    private static final Set<String> VERSIONS = Set.of("HTTP/1.1", "HTTP/1.0");

    private final int maxHeaders;
    private int headers;

    private StrictDecoder(HttpServerOptions options, int maxHeaders) {
        super(new HttpServerConfig(options).getHttp1Config());
        this.maxHeaders = maxHeaders;
    }

    /**
     * Replaces the decoder of an HTTP/1 connection. Must be called before anything is read from the connection.
     *
     * @param options the options of the server
     */
    static void install(ChannelPipeline pipeline, HttpServerOptions options, int maxHeaders) {
        pipeline.replace(NAME, NAME, new StrictDecoder(options, maxHeaders));
    }

    @Override
    protected HttpMessage createMessage(String[] initialLine) {
        headers = 0;
        if (!VERSIONS.contains(initialLine[2])) {
            throw new IllegalArgumentException("the version must be HTTP/1.1 or HTTP/1.0");
        }
        return super.createMessage(initialLine);
    }

    /** Called once for each head, after all its lines were read. */
    @Override
    protected boolean isContentAlwaysEmpty(HttpMessage message) {
        List<String> encodings = message.headers().getAll(HttpHeaderNames.TRANSFER_ENCODING);
        if (!RequestHead.hasKnownCoding(encodings)) {
            throw new IllegalArgumentException("the transfer coding must be chunked alone");
        }
        return super.isContentAlwaysEmpty(message);
    }

    @Override
    protected AsciiString splitHeaderName(byte[] bytes, int start, int length) {
        if (length == 0) {
            throw new IllegalArgumentException("a header line must have a name");
        }
        if (++headers > maxHeaders) {
            throw new TooLongHttpHeaderException("there must be at most " + maxHeaders + " header lines");
        }
        return super.splitHeaderName(bytes, start, length);
    }
}
