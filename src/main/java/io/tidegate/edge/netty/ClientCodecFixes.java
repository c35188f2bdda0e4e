package io.tidegate.edge.netty;

import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpClientOptions;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Works around defects of the Vert.x HTTP/1 client on a connection to an origin: the client sends no trailers, it
 * reuses a connection on which the origin has sent more than its response, it mistakes an unknown interim response for
 * the final one (RFC 9110 15.2 allows a proxy to discard such a response), and it recognizes {@code close} in
 * {@code Connection} only if the field has no other option. When an origin closes the connection after its response,
 * the client discards the part of the response that a slow reader has not requested yet; the connection is therefore
 * kept half-open until the response has been read. Owned by one event loop.
 */
@SuppressWarnings("FutureReturnValueIgnored") // if a write or close fails, the handlers see the channel close
final class ClientCodecFixes extends ChannelDuplexHandler {

    private static final String NAME = "client-codec-fixes";
    /** The name that Vert.x gives to the handler that decodes and encodes HTTP/1 messages. */
    private static final String CODEC = "codec";
    /** The maximum number of interim responses that are discarded per request; the next one is passed on. */
    private static final int MAX_INTERIM = 16;

    private @Nullable MultiMap trailers;
    private @Nullable HttpMethod method;
    private int discarded;
    private boolean discarding;
    private boolean inFinalResponse;
    /** Whether the response to the last request has been received completely, even if it has not been read yet. */
    private boolean complete;
    /** Whether the origin has closed its side of the connection. */
    private boolean closing;

    private final Runnable retire;

    private ClientCodecFixes(Runnable retire) {
        this.retire = retire;
    }

    /**
     * Installs the handler on a connection to an origin, and a codec that also accepts lines of a response head that end
     * with LF alone (<a href="https://www.rfc-editor.org/rfc/rfc9112#section-2.2">RFC 9112 2.2</a>). Vert.x has no
     * option for this; in everything else the codec is the one that it replaces.
     *
     * @param options the options of the client
     * @param retire the callback that makes the client close the connection at the end of the response that is being
     *     read
     */
    static void install(ChannelHandlerContext last, HttpClientOptions options, Runnable retire) {
        HttpDecoderConfig lenient = new HttpDecoderConfig()
                .setMaxInitialLineLength(options.getMaxInitialLineLength())
                .setMaxHeaderSize(options.getMaxHeaderSize())
                .setMaxChunkSize(options.getMaxChunkSize())
                .setInitialBufferSize(options.getDecoderInitialBufferSize())
                .setStrictLineParsing(false);
        last.pipeline().replace(CODEC, CODEC, new HttpClientCodec(lenient, false, false));
        // An origin may respond and close the connection before it has read the whole request. If a write then fails,
        // this must not close the connection before the response has been read.
        last.channel().config().setAutoClose(false);
        last.channel().config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
        last.pipeline().addBefore(last.name(), NAME, new ClientCodecFixes(retire));
    }

    static void trailers(ChannelHandlerContext last, MultiMap trailers) {
        if (last.pipeline().get(NAME) instanceof ClientCodecFixes fixes) {
            fixes.trailers = trailers;
        }
    }

    static void method(ChannelHandlerContext last, HttpMethod method) {
        if (last.pipeline().get(NAME) instanceof ClientCodecFixes fixes) {
            fixes.method = method;
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (message instanceof HttpResponse head) {
            ConnectionField.isolate(head);
            HttpVersion version = head.protocolVersion();
            if (version.majorVersion() == 1 && version.minorVersion() > 1) {
                // The recipient processes a later minor version as the latest that it implements (RFC 9110 2.5).
                head.setProtocolVersion(HttpVersion.HTTP_1_1);
            }
            int status = head.status().code();
            discarding = status > 101 && status < 200 && status != 103 && ++discarded <= MAX_INTERIM;
            inFinalResponse = status >= 200;
            if (inFinalResponse) {
                discarded = 0;
            }
            if (status == 101) {
                // The connection becomes a tunnel, which ends when the origin closes it.
                ctx.channel().config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, false);
            }
        }
        if (inFinalResponse && message instanceof LastHttpContent) {
            complete = true;
            if (hasMore(ctx)) {
                retire.run();
            }
        }
        if (!discarding) {
            ctx.fireChannelRead(message);
            return;
        }
        ReferenceCountUtil.release(message);
        if (message instanceof LastHttpContent) {
            discarding = false;
        }
    }

    /**
     * Returns whether bytes follow the response. They do not belong to any response, because no further request has
     * been sent yet, but they would be taken for the beginning of the next response.
     */
    private static boolean hasMore(ChannelHandlerContext ctx) {
        ChannelHandler codec = ctx.pipeline().get(CODEC);
        return codec != null && DecoderRemainder.of(codec) > 0;
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event == ChannelInputShutdownEvent.INSTANCE) {
            originClosed(ctx);
        }
        ctx.fireUserEventTriggered(event);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (complete && cause instanceof IOException) {
            // An origin that responds before it has read the whole request may reset the connection.
            originClosed(ctx);
        } else {
            ctx.fireExceptionCaught(cause);
        }
    }

    private void originClosed(ChannelHandlerContext ctx) {
        closing = true;
        if (complete) {
            retire.run();
        } else {
            ctx.close();
        }
    }

    @Override
    public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
        if (message instanceof HttpRequest) {
            complete = false;
            if (closing) {
                ctx.close();
            }
        }
        if (method != null && message instanceof HttpRequest head) {
            head.setMethod(method);
            method = null;
        }
        MultiMap pending = trailers;
        if (pending != null && message instanceof LastHttpContent) {
            trailers = null;
            LastHttpContent whole = new DefaultLastHttpContent(((HttpContent) message).content());
            pending.forEach((name, value) -> whole.trailingHeaders().add(name, value));
            ctx.write(whole, promise);
        } else {
            ctx.write(message, promise);
        }
    }
}
