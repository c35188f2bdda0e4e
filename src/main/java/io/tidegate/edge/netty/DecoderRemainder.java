package io.tidegate.edge.netty;

import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInboundHandler;
import io.netty.channel.CombinedChannelDuplexHandler;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.codec.http.HttpClientCodec;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;

/**
 * Determines how many bytes an HTTP/1 client's decoder has received but not decoded. Netty does not expose this number
 * to other packages, and no handler in the pipeline can compute it.
 */
final class DecoderRemainder {

    private static final MethodHandle DECODER =
            handle(CombinedChannelDuplexHandler.class, "inboundHandler", ChannelInboundHandler.class);
    private static final MethodHandle READABLE = handle(ByteToMessageDecoder.class, "actualReadableBytes", int.class);

    private DecoderRemainder() {}

    /** Returns the number of bytes. Must be called on the codec's event loop. */
    static int of(ChannelHandler codec) {
        try {
            return codec instanceof HttpClientCodec
                    ? (int) READABLE.invoke((ByteToMessageDecoder) DECODER.invoke(codec))
                    : 0;
        } catch (Throwable changed) {
            throw new IllegalStateException(changed);
        }
    }

    private static MethodHandle handle(Class<?> owner, String name, Class<?> type) {
        try {
            return MethodHandles.privateLookupIn(owner, MethodHandles.lookup())
                    .findVirtual(owner, name, MethodType.methodType(type));
        } catch (ReflectiveOperationException changed) {
            throw new IllegalStateException(changed);
        }
    }
}
