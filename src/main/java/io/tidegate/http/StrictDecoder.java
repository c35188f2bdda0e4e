package io.tidegate.http;

import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.util.AsciiString;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.impl.VertxHttpRequestDecoder;
import io.vertx.core.net.impl.ConnectionBase;

/**
 * Leaves no doubt where a request ends, in two places where a proxy before us could see another end than Vert.x 5.0 does:
 *
 * <ul>
 *   <li>Vert.x takes {@code Content-Xength} for {@code Content-Length} and {@code Content-Xype} for
 *       {@code Content-Type}, whatever stands in the place of the X: it does not compare that one letter.
 *   <li>A request with both {@code Content-Length} and {@code Transfer-Encoding} is refused
 *       (<a href="https://www.rfc-editor.org/rfc/rfc9112#section-6.1">RFC 9112, 6.1</a> allows it), not read by the one
 *       of the two that this side happens to prefer.
 * </ul>
 */
final class StrictDecoder extends VertxHttpRequestDecoder {

    private static final String NAME = "httpDecoder";
    /** Where the letter that is not compared stands. */
    private static final int UNCHECKED = "Content-".length();

    private StrictDecoder(HttpServerOptions options) {
        super(options);
    }

    /**
     * Takes the place of the decoder of a connection from which nothing was read yet.
     *
     * @param options those of the connection's server
     */
    static void install(HttpConnection connection, HttpServerOptions options) {
        ChannelPipeline pipeline =
                ((ConnectionBase) connection).channelHandlerContext().pipeline();
        pipeline.replace(NAME, NAME, new StrictDecoder(options));
    }

    @Override
    protected AsciiString splitHeaderName(byte[] bytes, int start, int length) {
        AsciiString name = super.splitHeaderName(bytes, start, length);
        boolean same = length <= UNCHECKED
                || Character.toLowerCase(name.charAt(UNCHECKED))
                        == Character.toLowerCase((char) bytes[start + UNCHECKED]);
        return same ? name : new AsciiString(bytes, start, length, true);
    }

    @Override
    protected void handleTransferEncodingChunkedWithContentLength(HttpMessage message) {
        throw new IllegalArgumentException("both Content-Length and Transfer-Encoding");
    }
}
