package io.tidegate.edge.netty;

import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.vertx.core.Future;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.impl.http1.Http1ServerConnection;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.impl.ConnectionBase;

/**
 * Switches HTTP/1.1 connections to another protocol. Vert.x permits this only for {@code GET}, which WebSocket uses;
 * some other protocols use {@code POST}.
 */
@SuppressWarnings("FutureReturnValueIgnored") // if a write fails, the handlers see the channel close
final class ProtocolSwitch {

    private ProtocolSwitch() {}

    /**
     * Makes Vert.x treat the request as a {@code GET}; the real method is restored when the request head is written.
     */
    static void permit(HttpClientRequest request) {
        if (!request.getMethod().equals(HttpMethod.GET)) {
            ChannelHandlerContext last = ((ConnectionBase) request.connection()).channelHandlerContext();
            ClientCodecFixes.method(last, request.getMethod().toNetty());
            request.setMethod(HttpMethod.GET);
        }
    }

    static Future<NetSocket> accept(HttpServerRequest request) {
        if (request.method().equals(HttpMethod.GET)) {
            return request.toNetSocket();
        }
        Http1ServerConnection connection = (Http1ServerConnection) request.connection();
        HttpResponse head = new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.SWITCHING_PROTOCOLS);
        request.response().headers().forEach((name, value) -> head.headers().add(name, value));
        connection.channelHandlerContext().writeAndFlush(head);
        return connection.netSocket();
    }
}
