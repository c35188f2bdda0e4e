package io.tidegate.http;

import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.util.AsciiString;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.impl.VertxHttpRequestDecoder;

/**
 * Reads heads as HTTP has them where Vert.x 5.0 does not: it takes {@code Content-Xength} for {@code Content-Length} and
 * {@code Content-Xype} for {@code Content-Type}, whatever stands in the place of the X, since it does not compare that one
 * letter; a proxy before us would see another end of the request. It also counts header lines, which only their bytes bound
 * otherwise.
 */
final class StrictDecoder extends VertxHttpRequestDecoder {

    private static final String NAME = "httpDecoder";
    /** Where the letter that is not compared stands. */
    private static final int UNCHECKED = "Content-".length();

    private final int mostHeaders;
    private int headers;

    private StrictDecoder(HttpServerOptions options, int mostHeaders) {
        super(options);
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
        return super.createMessage(initialLine);
    }

    @Override
    protected AsciiString splitHeaderName(byte[] bytes, int start, int length) {
        if (++headers > mostHeaders) {
            throw new TooLongHttpHeaderException("more header lines than allowed");
        }
        AsciiString name = super.splitHeaderName(bytes, start, length);
        boolean same = length <= UNCHECKED
                || Character.toLowerCase(name.charAt(UNCHECKED))
                        == Character.toLowerCase((char) bytes[start + UNCHECKED]);
        return same ? name : new AsciiString(bytes, start, length, true);
    }
}
