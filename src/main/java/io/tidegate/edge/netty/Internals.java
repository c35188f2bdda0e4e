package io.tidegate.edge.netty;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.flush.FlushConsolidationHandler;
import io.netty.util.internal.PlatformDependent;
import io.tidegate.edge.connection.BodyBudget;
import io.tidegate.edge.connection.ConnectionLimits;
import io.tidegate.edge.message.BrokenResponse;
import io.tidegate.problem.ProblemMetrics;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.impl.ConnectionBase;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * The only class through which other packages use the internals of Vert.x and Netty. Internals may change without
 * notice, so a self-test at startup tries each use of them. If the self-test fails, every method here falls back to the
 * public API. Thread-safe, but methods that
 * concern a connection must be called on its event loop.
 *
 * @param used whether the internals are used
 */
public record Internals(boolean used) {

    /** The name that Vert.x gives to the handler that encodes HTTP/1 messages. */
    static final String ENCODER = "httpEncoder";

    /**
     * The maximum number of unsent bytes in a socket's send buffer. With this limit, a slow but steady client makes
     * visible progress every few seconds; with the large buffers of a fast network path, that could take minutes. The
     * kernel still tunes the buffers for data that was sent but not acknowledged, so the limit does not reduce
     * throughput.
     */
    private static final long MAX_UNSENT = 128 << 10;

    /**
     * The time limit for reading the rest of the last response on a connection once the response has been received. It
     * is long because the limits of the exchange already stop a reader that makes no progress.
     */
    private static final Duration RETIREMENT = Duration.ofDays(1);

    private static final int MAX_FLUSHES = 256;

    public static final Internals USED = new Internals(true);
    public static final Internals UNUSED = new Internals(false);

    /**
     * Tries every use of internals over the loopback interface, which takes a few milliseconds. The future never fails.
     *
     * @param problems as in {@link #prepareServer}
     */
    public static Future<Internals> selfTest(Vertx vertx, ProblemMetrics problems) {
        return SelfTest.run(vertx, problems).map(passed -> passed ? USED : UNUSED);
    }

    /**
     * Installs the handlers that validate a client's requests and limit how long a slow client may take. Must be called
     * before anything is read from the connection.
     *
     * @param sockets the server's options
     * @param bodies the budget for bytes that were received on HTTP/2 connections and not passed on yet
     * @param problems the metrics that count the error responses to slow clients
     */
    public void prepareServer(
            HttpConnection connection,
            HttpServerOptions sockets,
            ConnectionLimits limits,
            BodyBudget bodies,
            ProblemMetrics problems) {
        if (!used) {
            return;
        }
        ChannelHandlerContext last = ((ConnectionBase) connection).channelHandlerContext();
        last.channel().config().setOption(EpollChannelOption.TCP_NOTSENT_LOWAT, MAX_UNSENT);
        if (last.handler() instanceof Http2ConnectionHandler http2) {
            Http2FlowControlFix.install(http2, last);
            Http2ReceiveBudget.install(http2, bodies);
            Http2SlowClientTimeout.install(http2, last, limits);
            // The frames that are written in one iteration of the event loop, for all streams, are flushed together.
            last.pipeline().addBefore(last.name(), "flush-once", new FlushConsolidationHandler(MAX_FLUSHES, true));
        } else {
            StrictDecoder.install(last.pipeline(), sockets, limits.headers());
            SlowClientTimeout.install(last, limits, problems);
            SlowReaderTimeout.install(last, limits.writeTime());
            TrailerCapture.install(last);
        }
    }

    /** Runs an action on the connection's event loop when the connection has closed, even if it has become a tunnel. */
    public void onClosed(HttpConnection connection, Runnable action) {
        if (used) {
            // The close handler of an HTTP/1 connection is no longer called once the connection has become a tunnel.
            ((ConnectionBase) connection).closeFuture().onComplete(closed -> action.run());
        } else {
            connection.closeHandler(closed -> action.run());
        }
    }

    /**
     * Makes the next response on an HTTP/1 connection the last one: the response has {@code Connection: close}, and the
     * connection is closed when the response is complete or when the limit expires. If internals are not used, the
     * connection is closed as soon as no request is in progress.
     */
    public void closeAfterResponse(HttpConnection connection, Duration limit) {
        if (used) {
            CloseAfterResponse.install(connection, ((ConnectionBase) connection).channel(), limit);
        } else {
            connection.shutdown(limit);
        }
    }

    /** Delays the closing of an HTTP/2 connection until the client has received all data, even if it reads slowly. */
    public void closeLingering(HttpConnection connection) {
        if (used) {
            LingeringClose.install(((ConnectionBase) connection).channelHandlerContext());
        }
    }

    /** Closes a connection immediately and discards the bytes that have not been sent yet. */
    public void abort(HttpConnection connection) {
        if (used) {
            Channel channel = ((ConnectionBase) connection).channel();
            // A client could mistake an orderly close for the end of a body of unknown length.
            channel.config().setOption(ChannelOption.SO_LINGER, 0);
            channel.unsafe().close(channel.voidPromise());
        } else {
            connection.close();
        }
    }

    /** Returns the maximum amount of direct memory that Netty uses, in bytes. */
    public static long directMemoryLimit() {
        return PlatformDependent.maxDirectMemory();
    }

    /**
     * Installs the fixes for a connection to an origin. Must be called before anything is sent on it.
     *
     * @param options the options of the client
     */
    public void prepareClient(HttpConnection connection, HttpClientOptions options) {
        if (used) {
            ChannelHandlerContext last = ((ConnectionBase) connection).channelHandlerContext();
            ClientCodecFixes.install(
                    last, options, () -> connection.shutdown(RETIREMENT.toSeconds(), TimeUnit.SECONDS));
            ReadGate.install(last);
        }
    }

    /**
     * Stops reading from the connection of a response that has been paused, until {@link #continueReading} is called.
     * Vert.x alone would read up to 1.5 MiB more.
     */
    public void stopReading(HttpClientResponse paused) {
        if (used && paused.request().connection() instanceof ConnectionBase connection) {
            ReadGate.close(connection.channel());
        }
    }

    /** Continues reading from the connection of a response that has been resumed. */
    public void continueReading(HttpClientResponse resumed) {
        if (used && resumed.request().connection() instanceof ConnectionBase connection) {
            ReadGate.open(connection.channel());
        }
    }

    /**
     * Ends a response whose head has been sent in such a way that the client can tell that it is incomplete. The body
     * of a response to an HTTP/1.0 client may be delimited by the end of the connection, so such a connection is reset
     * instead of closed.
     */
    public void breakOff(HttpServerRequest request) {
        if (used
                && request.version() == HttpVersion.HTTP_1_0
                && request.connection() instanceof ConnectionBase connection) {
            connection.channel().config().setOption(ChannelOption.SO_LINGER, 0);
        }
        BrokenResponse.end(request.response());
    }

    /** Returns the forwardable trailers of a request that has ended; empty for HTTP/2. */
    public Optional<MultiMap> trailers(HttpServerRequest request) {
        return used ? TrailerCapture.of(request) : Optional.empty();
    }

    /** Sends trailers after the body of a chunked request. Must be called before the request is ended. */
    public void sendTrailers(HttpClientRequest request, MultiMap trailers) {
        if (used) {
            ClientCodecFixes.trailers(((ConnectionBase) request.connection()).channelHandlerContext(), trailers);
        }
    }

    /** Returns whether {@link #switchProtocols} is possible for this request. */
    public boolean canSwitchProtocols(HttpServerRequest request) {
        return used || request.method().equals(HttpMethod.GET);
    }

    /** Allows a request to an origin to switch protocols, whatever its method is. */
    public void permitSwitch(HttpClientRequest request) {
        if (used) {
            ProtocolSwitch.permit(request);
        }
    }

    /** Responds with 101 and the fields already set on the response, and returns the socket of the connection. */
    public Future<NetSocket> switchProtocols(HttpServerRequest request) {
        return used ? ProtocolSwitch.accept(request) : request.toNetSocket();
    }

    /**
     * Prepares the socket for a response that becomes an event stream. A small send buffer reveals early that a client
     * does not read, and a user timeout reveals a vanished peer when the kernel's retransmissions of a heartbeat fail.
     * All other sockets keep the buffers that the kernel tunes. So does an HTTP/2 connection, because it carries other
     * responses and each of its streams has a separate flow-control window.
     *
     * @param sendBuffer the size of the send buffer in bytes; Linux doubles it
     * @param userTimeout the maximum time for which sent data may remain unacknowledged
     */
    public void beginEventStream(HttpServerRequest request, int sendBuffer, Duration userTimeout) {
        if (!used
                || !(request.connection() instanceof ConnectionBase connection)
                || !connection.channel().isActive()) {
            return;
        }
        Channel channel = connection.channel();
        // Only the native transport supports this option.
        channel.config().setOption(EpollChannelOption.TCP_USER_TIMEOUT, (int) userTimeout.toMillis());
        if (request.version() != HttpVersion.HTTP_2) {
            channel.config().setOption(ChannelOption.SO_SNDBUF, sendBuffer);
            SlowReaderTimeout.disable(channel);
            TrailerCapture.remove(channel);
        }
    }

    /**
     * Returns the context of the HTTP encoder if chunks of the response to this request may bypass it; empty if the
     * response is not HTTP/1.1, or if another handler has to process its bytes.
     */
    public Optional<ChannelHandlerContext> chunkEncoder(HttpServerRequest request) {
        if (!used
                || request.version() != HttpVersion.HTTP_1_1
                || !(request.connection() instanceof ConnectionBase connection)
                || connection.channel().pipeline().get("deflater") != null) {
            return Optional.empty();
        }
        return Optional.ofNullable(connection.channel().pipeline().context(ENCODER));
    }
}
