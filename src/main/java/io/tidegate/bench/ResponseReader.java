package io.tidegate.bench;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.TooLongFrameException;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseDecoder;
import io.netty.handler.codec.http.LastHttpContent;

/** Reads an HTTP/1.1 response and passes its head and body to the receiver as they arrive. Owned by one event loop. */
@SuppressWarnings("FutureReturnValueIgnored") // failures end the channel, so its handlers learn of them
final class ResponseReader extends SimpleChannelInboundHandler<HttpObject> {

    /** Receives the response on the connection's event loop. */
    interface Receiver {

        /** Receives the head. The status is 0 if the response is not HTTP. */
        void head(int status, String reason);

        /** Receives a part of the body, which must be read before the method returns. */
        void body(ByteBuf part);

        /** Called with the number of bytes that have arrived, including the head and the framing. */
        void received(int bytes);

        /** Called once, when the response or the connection has ended. No other call follows. */
        void end(String reason);
    }

    private static final int MAX_HEAD = 64 << 10;
    private static final String CLOSED = "the connection was closed";

    private final Receiver receiver;
    private boolean ended;

    ResponseReader(Receiver receiver) {
        this.receiver = receiver;
    }

    /** Adds the decoder that produces the messages for this handler. */
    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        HttpDecoderConfig limits =
                new HttpDecoderConfig().setMaxInitialLineLength(MAX_HEAD).setMaxHeaderSize(MAX_HEAD);
        ctx.pipeline().addBefore(ctx.name(), null, new HttpResponseDecoder(limits) {
            @Override
            public void channelRead(ChannelHandlerContext decoder, Object message) throws Exception {
                receiver.received(((ByteBuf) message).readableBytes());
                super.channelRead(decoder, message);
            }
        });
    }

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, HttpObject message) {
        DecoderResult result = message.decoderResult();
        if (result.isFailure()) {
            refuse(ctx, result.cause());
            return;
        }
        if (message instanceof HttpResponse head) {
            receiver.head(head.status().code(), head.protocolVersion() + " " + head.status());
        }
        if (message instanceof HttpContent part && part.content().isReadable()) {
            receiver.body(part.content());
        }
        if (message instanceof LastHttpContent) {
            // The end of a body that has neither chunks nor a length is the end of its connection.
            end(ctx.channel().isActive() ? "the response ended" : CLOSED);
            ctx.close();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        end(CLOSED);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        end(String.valueOf(cause.getMessage()));
        ctx.close();
    }

    private void refuse(ChannelHandlerContext ctx, Throwable cause) {
        if (cause instanceof TooLongFrameException) {
            end("the response head is too long");
            ctx.close();
        } else {
            receiver.head(0, "the response is not HTTP");
        }
    }

    private void end(String reason) {
        if (!ended) {
            ended = true;
            receiver.end(reason);
        }
    }
}
