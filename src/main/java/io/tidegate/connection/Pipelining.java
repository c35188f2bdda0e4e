package io.tidegate.connection;

import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.util.ReferenceCountUtil;
import io.tidegate.publish.Reply;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.internal.buffer.BufferInternal;
import io.vertx.core.net.impl.ConnectionBase;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Owned by one event loop. Lets publishes that a client sends one behind the other, without waiting for the answers, be
 * committed together: Vert.x takes up a request when the one before it has been answered, so a publish that others are
 * behind is answered with a placeholder, which waits here until the answer is known, and whatever comes after waits
 * behind it. The journal takes the publishes in the order in which they came, and the answers go out in that order
 * (<a href="https://www.rfc-editor.org/rfc/rfc9112#section-9.3.2">RFC 9112, 9.3.2</a>). A request of another kind may want
 * to see what was published before it, so it is taken up when all answers before it have gone.
 */
public final class Pipelining extends ChannelDuplexHandler {

    /** Where publishes come in. */
    public static final String PATH = "/api/events";

    private static final String NAME = "pipelining";
    private static final String PLACEHOLDER = "tidegate-placeholder";
    /** As many publishes of one connection are under way at most; then the next one waits, and the client with it. */
    private static final int MOST = 64;

    private final StrictDecoder decoder;
    /** What is to be written, in order; the first is a placeholder whose answer is not known. */
    private final Deque<Answer> waiting = new ArrayDeque<>();
    /** Placeholders on their way to us through Vert.x. */
    private final Deque<Future<Reply>> announced = new ArrayDeque<>();

    private @Nullable ChannelHandlerContext own;
    private long arrived;
    private long begun;
    private Runnable next = Pipelining::nothing;
    private @Nullable ChannelPromise closing;
    private boolean flushing;

    private Pipelining(StrictDecoder decoder) {
        this.decoder = decoder;
    }

    /** To be installed in front of the last handler of a connection from which nothing was read yet. */
    static void install(ChannelHandlerContext last, StrictDecoder decoder) {
        last.pipeline().addBefore(last.name(), NAME, new Pipelining(decoder));
    }

    /** That of the request's connection; none for HTTP/2, which needs none. */
    public static Optional<Pipelining> of(HttpServerRequest request) {
        return request.connection() instanceof ConnectionBase connection
                ? Optional.ofNullable(connection.channel().pipeline().get(Pipelining.class))
                : Optional.empty();
    }

    /** Takes up a request, or has it wait for the answers of the publishes before it. */
    public static void inTurn(HttpServerRequest request, Handler<HttpServerRequest> router) {
        Optional<Pipelining> connection = of(request);
        connection.ifPresent(known -> known.begun++);
        if (connection.isEmpty() || connection.get().mayTakeUp(request)) {
            router.handle(request);
        } else {
            request.pause();
            connection.get().next = () -> {
                // Before, since who handles it may pause it again; nothing is handed over in between.
                request.resume();
                router.handle(request);
            };
        }
    }

    /** What is refused waits for its turn like any answer, so that the bound is for all publishes. */
    private boolean mayTakeUp(HttpServerRequest request) {
        boolean publish = request.method().equals(HttpMethod.POST) && PATH.equals(request.path());
        return waiting.isEmpty() || publish && waiting.size() < MOST;
    }

    /** Whether more requests are here than were taken up, and one more answer may wait. */
    public boolean mayWait() {
        return (arrived > begun || decoder.hasMore()) && waiting.size() < MOST;
    }

    /** Whether the answer to a request before the one that is taken up now is not known yet. */
    public boolean hasWaiting() {
        return !waiting.isEmpty();
    }

    /** Ends the response as far as Vert.x knows; its client gets the reply, which never fails. */
    public void answerLater(HttpServerResponse response, Future<Reply> reply) {
        announced.add(reply);
        response.putHeader(PLACEHOLDER, "").end();
        reply.onSuccess(known -> writeKnown());
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        own = ctx;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (message instanceof HttpRequest) {
            arrived++;
        }
        ctx.fireChannelRead(message);
    }

    @Override
    public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
        boolean placeholder = !announced.isEmpty()
                && message instanceof HttpMessage head
                && head.headers().contains(PLACEHOLDER);
        if (!placeholder && waiting.isEmpty()) {
            ctx.write(message, promise);
            return;
        }
        waiting.add(new Answer(message, promise, placeholder ? announced.remove() : null));
    }

    /** What was taken up is answered first; the journal answers or gives up in time. */
    @Override
    public void close(ChannelHandlerContext ctx, ChannelPromise promise) {
        if (waiting.isEmpty()) {
            ctx.close(promise);
        } else {
            closing = promise;
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        next = Pipelining::nothing;
        waiting.forEach(Answer::drop);
        waiting.clear();
        ctx.fireChannelInactive();
    }

    private void writeKnown() {
        ChannelHandlerContext ctx = Objects.requireNonNull(own);
        for (Answer first = waiting.peek(); first != null && first.isKnown(); first = waiting.peek()) {
            waiting.remove();
            ctx.write(first.toWrite(), first.promise);
        }
        flushSoon(ctx);
        if (waiting.isEmpty() && closing != null) {
            ctx.flush();
            ctx.close(closing);
        } else if (waiting.isEmpty()) {
            Runnable due = next;
            next = Pipelining::nothing;
            due.run();
        }
    }

    private static void nothing() {}

    /** Once for all answers of a commit: each is told of in a task of its own. */
    private void flushSoon(ChannelHandlerContext ctx) {
        if (!flushing) {
            flushing = true;
            ctx.executor().execute(() -> {
                flushing = false;
                ctx.flush();
            });
        }
    }

    /** What Vert.x wrote, or the reply in its place. */
    private record Answer(Object message, ChannelPromise promise, @Nullable Future<Reply> reply) {

        boolean isKnown() {
            return reply == null || reply.succeeded();
        }

        Object toWrite() {
            return reply == null ? message : written(reply.result(), ((HttpMessage) message).headers());
        }

        void drop() {
            ReferenceCountUtil.release(message);
            promise.tryFailure(new ClosedChannelException());
        }

        private static FullHttpResponse written(Reply reply, HttpHeaders headers) {
            headers.remove(PLACEHOLDER);
            reply.headers().forEach(headers::set);
            headers.set(
                    HttpHeaderNames.CONTENT_LENGTH,
                    Integer.toString(reply.body().length()));
            return new DefaultFullHttpResponse(
                    HttpVersion.HTTP_1_1,
                    HttpResponseStatus.valueOf(reply.status()),
                    ((BufferInternal) reply.body()).getByteBuf(),
                    headers,
                    EmptyHttpHeaders.INSTANCE);
        }
    }
}
