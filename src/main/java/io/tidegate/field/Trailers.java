package io.tidegate.field;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.LastHttpContent;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.impl.ConnectionBase;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Owned by one event loop. Keeps what follows the body of an HTTP/1.1 request, which Vert.x' server reads and forgets. It
 * keeps one request's, those of the last that had any: a client that sends the next before this one was passed on may
 * lose them, as trailers may be on any way.
 */
public final class Trailers extends ChannelInboundHandlerAdapter {

    private static final String NAME = "trailers";

    /**
     * What is decided before a body comes, and so never after it: framing, routing, conditions, who asks, how the body is
     * to be read (<a href="https://www.rfc-editor.org/rfc/rfc9110#section-6.5.1">RFC 9110 6.5.1</a>).
     */
    private static final Set<String> NEVER = Set.of(
            "age",
            "authorization",
            "cache-control",
            "content-encoding",
            "content-length",
            "content-range",
            "content-type",
            "cookie",
            "date",
            "expect",
            "expires",
            "host",
            "location",
            "max-forwards",
            "pragma",
            "range",
            "retry-after",
            "set-cookie",
            "trailer",
            "vary",
            "warning",
            "www-authenticate");

    private @Nullable HttpHeaders head;
    private @Nullable HttpHeaders owner;
    private @Nullable HttpHeaders trailers;

    private Trailers() {}

    /** To be installed in front of the last handler of an HTTP/1 connection from which nothing was read yet. */
    public static void install(ChannelHandlerContext last) {
        last.pipeline().addBefore(last.name(), NAME, new Trailers());
    }

    /** Those of a request that has ended, as far as they may pass. */
    public static Optional<MultiMap> of(HttpServerRequest request) {
        ConnectionBase connection = (ConnectionBase) request.connection();
        if (!(connection.channelHandlerContext().pipeline().get(NAME) instanceof Trailers kept)
                || kept.trailers == null
                || kept.owner != (Object) request.headers()) {
            return Optional.empty();
        }
        MultiMap passed = MultiMap.caseInsensitiveMultiMap();
        List<String> named = HopByHop.named(request.headers());
        kept.trailers.forEach(field -> add(field.getKey(), field.getValue(), named, passed));
        return passed.isEmpty() ? Optional.empty() : Optional.of(passed);
    }

    /** All that may pass. */
    public static void copy(MultiMap from, MultiMap to) {
        if (!from.isEmpty()) {
            List<String> named = HopByHop.named(from);
            from.forEach((name, value) -> add(name, value, named, to));
        }
    }

    private static void add(String name, String value, List<String> named, MultiMap to) {
        String lower = name.toLowerCase(Locale.ROOT);
        boolean stays = NEVER.contains(lower)
                || lower.startsWith("if-")
                || lower.startsWith("grip-")
                || HopByHop.ends(name, named)
                || Forwarding.tellsOfTheClient(name);
        if (!stays) {
            to.add(name, value);
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (message instanceof HttpRequest request) {
            head = request.headers();
        }
        if (message instanceof LastHttpContent last && !last.trailingHeaders().isEmpty()) {
            owner = head;
            trailers = last.trailingHeaders();
        }
        ctx.fireChannelRead(message);
    }
}
