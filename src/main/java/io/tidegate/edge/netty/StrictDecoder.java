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
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Decodes requests more strictly than Vert.x 5.0. Vert.x does not compare one of the letters in {@code Content-Length}
 * and {@code Content-Type}, so it also accepts {@code Content-Xength} and {@code Content-Xype}; a proxy in front could
 * therefore see a different end of the request. This decoder also limits the number of header lines, for which Vert.x
 * limits only the total size, and rejects a header line without a name, whitespace other than spaces in the request
 * line, a version other than HTTP/1.1 or HTTP/1.0, and every transfer coding except {@code chunked} alone, because
 * Vert.x would ignore the others.
 *
 * <p>A target in absolute form is converted to origin form, and its host replaces {@code Host}
 * (<a href="https://www.rfc-editor.org/rfc/rfc9112#section-3.2.2">RFC 9112 3.2.2</a>), so that all handlers after this
 * decoder receive one form and one host.
 */
final class StrictDecoder extends VertxHttpRequestDecoder {

    private static final String NAME = "httpDecoder";
    private static final Set<String> VERSIONS = Set.of("HTTP/1.1", "HTTP/1.0");
    private static final Pattern LATER_MINOR = Pattern.compile("HTTP/1\\.[2-9]");
    private static final Pattern OTHER_VERSION = Pattern.compile("HTTP/[0-9]\\.[0-9]");
    private static final Pattern ABSOLUTE = Pattern.compile("(?i)https?://([^/?#@]+)([/?].*)?");

    private final int maxHeaders;
    private int headers;
    /** The host in the current request's target; null if the target is not in absolute form. */
    private @Nullable String authority;

    private StrictDecoder(HttpServerOptions options, int maxHeaders) {
        super(new HttpServerConfig(options).getHttp1Config());
        this.maxHeaders = maxHeaders;
    }

    /**
     * Replaces the decoder of an HTTP/1 connection. Must be called before anything is read from the connection.
     *
     * @param options the server's options
     */
    static void install(ChannelPipeline pipeline, HttpServerOptions options, int maxHeaders) {
        pipeline.replace(NAME, NAME, new StrictDecoder(options, maxHeaders));
    }

    @Override
    protected HttpMessage createMessage(String[] initialLine) {
        headers = 0;
        authority = null;
        if (LATER_MINOR.matcher(initialLine[2]).matches()) {
            // A recipient that does not support the later minor version processes the message as HTTP/1.1 (RFC 9110
            // 6.2).
            initialLine[2] = "HTTP/1.1";
        }
        if (!VERSIONS.contains(initialLine[2])) {
            if (OTHER_VERSION.matcher(initialLine[2]).matches()) {
                throw new UnsupportedVersionException(initialLine[2]);
            }
            throw new IllegalArgumentException("the version must be HTTP/1.1 or HTTP/1.0");
        }
        Matcher absolute = ABSOLUTE.matcher(initialLine[1]);
        if (absolute.matches()) {
            authority = absolute.group(1);
            initialLine[1] = originForm(initialLine[0], absolute.group(2));
        }
        return super.createMessage(initialLine);
    }

    private static String originForm(String method, @Nullable String rest) {
        if (rest == null) {
            return method.equals("OPTIONS") ? "*" : "/";
        }
        return rest.startsWith("/") ? rest : '/' + rest;
    }

    @Override
    protected String splitSecondWordInitialLine(byte[] line, int start, int length) {
        requireSpacesBefore(line, start);
        return super.splitSecondWordInitialLine(line, start, length);
    }

    @Override
    protected String splitThirdWordInitialLine(byte[] line, int start, int length) {
        requireSpacesBefore(line, start);
        return super.splitThirdWordInitialLine(line, start, length);
    }

    /** Rejects separators other than spaces. Netty also accepts tabs, which other programs treat as part of a word. */
    private static void requireSpacesBefore(byte[] line, int start) {
        for (int i = start - 1; i >= 0 && line[i] >= 0 && line[i] <= ' '; i--) {
            if (line[i] != ' ') {
                throw new IllegalArgumentException("the words of the request line must be separated by spaces");
            }
        }
    }

    /** Validates and adjusts the head; Netty calls this method once all lines of the head have been read. */
    @Override
    protected boolean isContentAlwaysEmpty(HttpMessage message) {
        List<String> encodings = message.headers().getAll(HttpHeaderNames.TRANSFER_ENCODING);
        if (RequestHead.hasUnknownCodingInChunks(encodings)) {
            throw new UnsupportedCodingException();
        } else if (!RequestHead.hasKnownCoding(encodings)) {
            throw new IllegalArgumentException("the transfer coding must be chunked alone");
        }
        if (authority != null && message.headers().getAll(HttpHeaderNames.HOST).size() == 1) {
            message.headers().set(HttpHeaderNames.HOST, authority);
        }
        ConnectionField.isolate(message);
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
