package io.tidegate.bench;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.Optional;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** Opens connections to one server, with TLS if its URL scheme is {@code https}. Thread-safe. */
final class Dialer {

    /**
     * The maximum number of streams per local address. An address has about 28,000 ephemeral ports, and the port of a
     * closed connection stays in use for a while.
     */
    static final int STREAMS_PER_ADDRESS = 20_000;

    private static final int CONNECT_MILLIS = 10_000;
    private static final int RECEIVE_BYTES = 64 << 10;

    private final String host;
    private final InetSocketAddress remote;
    private final @Nullable SslContext tls;

    /**
     * Creates a dialer and resolves the host.
     *
     * @throws BenchException if the host cannot be resolved or TLS cannot be set up
     */
    Dialer(URI url, boolean insecure) throws BenchException {
        this.host = url.getHost();
        try {
            this.remote = new InetSocketAddress(InetAddress.getByName(host), Target.port(url));
            this.tls = Target.secure(url) ? tls(insecure) : null;
        } catch (UnknownHostException unknown) {
            throw new BenchException("cannot resolve the host " + host);
        } catch (SSLException failed) {
            throw new BenchException("cannot set up TLS: " + failed.getMessage());
        }
    }

    static EventLoopGroup loops(int number, String name) {
        return new MultiThreadIoEventLoopGroup(
                number,
                new DefaultThreadFactory(name, true),
                Epoll.isAvailable() ? EpollIoHandler.newFactory() : NioIoHandler.newFactory());
    }

    /** Connects from a local address that the system chooses. */
    ChannelFuture dial(EventLoop loop, ChannelHandler... handlers) {
        return dial(loop, Optional.empty(), handlers);
    }

    /** Connects from the given local address, or from one that the system chooses if {@code source} is empty. */
    ChannelFuture dial(EventLoop loop, Optional<InetAddress> source, ChannelHandler... handlers) {
        Bootstrap bootstrap = new Bootstrap()
                .group(loop)
                .channel(Epoll.isAvailable() ? EpollSocketChannel.class : NioSocketChannel.class)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_MILLIS)
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.ALLOCATOR, PooledByteBufAllocator.DEFAULT)
                .option(ChannelOption.RECVBUF_ALLOCATOR, new FixedRecvByteBufAllocator(RECEIVE_BYTES))
                .handler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        if (tls != null) {
                            channel.pipeline().addLast(tls.newHandler(channel.alloc(), host, remote.getPort()));
                        }
                        channel.pipeline().addLast(handlers);
                    }
                });
        if (source.isEmpty()) {
            return bootstrap.connect(remote);
        }
        if (Epoll.isAvailable()) {
            // The kernel must choose the port when it connects, so that a port can be reused for several remote
            // addresses.
            bootstrap.option(EpollChannelOption.IP_BIND_ADDRESS_NO_PORT, true);
        }
        return bootstrap.connect(remote, new InetSocketAddress(source.get(), 0));
    }

    /** Returns whether the server is reached over the loopback interface. */
    boolean loopback() {
        return remote.getAddress().isLoopbackAddress();
    }

    /**
     * Returns the local address from which a stream connects. If there are more than {@link #STREAMS_PER_ADDRESS}
     * streams and the server is on 127.0.0.0/8, this is 127.0.0.2 or a higher address; otherwise, the result is empty.
     */
    Optional<InetAddress> source(int stream, int streams) {
        byte[] address = remote.getAddress().getAddress();
        if (streams <= STREAMS_PER_ADDRESS || !loopback() || address.length != 4) {
            return Optional.empty();
        }
        int number = stream / STREAMS_PER_ADDRESS;
        byte[] source = {127, 0, (byte) (number / 250), (byte) (2 + number % 250)};
        try {
            return Optional.of(InetAddress.getByAddress(source));
        } catch (UnknownHostException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static SslContext tls(boolean insecure) throws SSLException {
        SslContextBuilder builder = SslContextBuilder.forClient();
        return insecure
                ? builder.trustManager(InsecureTrustManagerFactory.INSTANCE)
                        .endpointIdentificationAlgorithm("")
                        .build()
                : builder.build();
    }
}
