package io.tidegate.delivery.sse;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollSocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Connections that read and discard everything that a server writes, on a separate thread. Requires Linux, because it
 * uses epoll. The JDK's selectors allocate an object per read, which would distort the measurement.
 */
@ChannelHandler.Sharable
final class Readers extends ChannelInboundHandlerAdapter implements AutoCloseable {

    private static final int TIMEOUT_SECONDS = 30;

    private final EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
    private final CountDownLatch opened;
    private final Semaphore allReceived = new Semaphore(0);
    private final AtomicInteger left = new AtomicInteger();
    private final int number;

    Readers(int number) {
        this.number = number;
        this.opened = new CountDownLatch(number);
    }

    /** Opens all connections and waits until each has received the beginning of its stream. */
    void connect(int port, String path) throws InterruptedException {
        ByteBuf request =
                Unpooled.copiedBuffer("GET " + path + " HTTP/1.1\r\nHost: bench\r\n\r\n", StandardCharsets.US_ASCII);
        Bootstrap bootstrap =
                new Bootstrap().group(group).channel(EpollSocketChannel.class).handler(this);
        for (int i = 0; i < number; i++) {
            Channel channel = bootstrap.connect("127.0.0.1", port).sync().channel();
            channel.writeAndFlush(request.retainedDuplicate()).sync();
        }
        if (!opened.await(TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
            throw new IllegalStateException("the streams were not opened");
        }
    }

    /** Sets the number of expected writes to one per connection. */
    void expect() {
        left.set(number);
    }

    void await() throws InterruptedException {
        if (!allReceived.tryAcquire(TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
            throw new IllegalStateException("not every reader received the event");
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ((ByteBuf) message).release();
        if (opened.getCount() > 0) {
            opened.countDown();
        } else if (left.decrementAndGet() == 0) {
            allReceived.release();
        }
    }

    @Override
    public void close() {
        group.shutdownGracefully(0, TIMEOUT_SECONDS, TimeUnit.SECONDS).syncUninterruptibly();
    }
}
