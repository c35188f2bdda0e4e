package io.tidegate.proxy;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.HostAndPort;
import io.vertx.ext.web.RoutingContext;
import io.vertx.httpproxy.Body;
import io.vertx.httpproxy.HttpProxy;
import io.vertx.httpproxy.ProxyContext;
import io.vertx.httpproxy.ProxyInterceptor;
import io.vertx.httpproxy.ProxyOptions;
import io.vertx.httpproxy.ProxyRequest;
import io.vertx.httpproxy.ProxyResponse;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Owned by one event loop. One request on its way to its origin and back, through vertx-http-proxy. What goes wrong is
 * told here and nowhere else: the proxy's own answers to failures have no body that a client could read.
 */
final class Exchange implements ProxyInterceptor {

    private static final Set<HttpMethod> WITHOUT_BODY =
            Set.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.OPTIONS, HttpMethod.DELETE);

    private final RoutingContext ctx;
    private final Origin origin;
    private final Patience patience;
    private @Nullable Wait wait;
    private @Nullable HttpClientRequest toOrigin;

    Exchange(RoutingContext ctx, Origin origin, Patience patience) {
        this.ctx = ctx;
        this.origin = origin;
        this.patience = patience;
    }

    void start(HttpClient client) {
        HttpProxy.reverseProxy(new ProxyOptions().setSupportWebSocket(false), client)
                .origin(this::connect)
                .addInterceptor(this)
                .handle(ctx.request());
    }

    @Override
    public Future<ProxyResponse> handleProxyRequest(ProxyContext context) {
        Forwarding.rewrite(context.request().headers(), ctx.request());
        context.request().setURI(OwnCredentials.stripTicket(ctx.request().uri()));
        observeBody(context.request());
        return context.sendRequest().map(this::check).recover(failure -> {
            abandon(failure);
            return Promise.<ProxyResponse>promise().future(); // never completes: the client has its answer
        });
    }

    private void observeBody(ProxyRequest request) {
        Observer observer = Observer.of(ctx);
        Body body = request.getBody();
        if (observer != Observer.NONE && body != null) {
            request.setBody(Body.body(new Observed(body.stream(), observer::request, () -> {}), body.length()));
        }
    }

    @Override
    public Future<Void> handleProxyResponse(ProxyContext context) {
        HttpClientResponse answer = context.response().proxiedResponse();
        try {
            return Answer.passOn(answer, ctx).onSuccess(this::answered).recover(failure -> {
                abandon(failure);
                answer.resume();
                return Future.succeededFuture();
            });
        } catch (RuntimeException unfitHead) {
            abandon(unfitHead);
            answer.resume();
            return Future.succeededFuture();
        }
    }

    private Future<HttpClientRequest> connect(ProxyContext context) {
        return context.client()
                .request(origin.request().setConnectTimeout(patience.connect().toMillis()))
                .map(this::connected)
                .onSuccess(request -> context.request().headers().remove(HttpHeaders.EXPECT));
    }

    private HttpClientRequest connected(HttpClientRequest request) {
        toOrigin = request.exceptionHandler(Failures::ignore);
        if (ctx.response().closed()) {
            throw new IllegalStateException("the client has gone");
        }
        HostAndPort host = ctx.request().authority();
        if (host != null) {
            request.authority(host);
        }
        wait = Wait.start(ctx, request, patience.answer());
        prepareBody();
        return request;
    }

    private void prepareBody() {
        HttpVersion version = ctx.request().version();
        if (version == HttpVersion.HTTP_1_1
                && "100-continue".equalsIgnoreCase(ctx.request().getHeader(HttpHeaders.EXPECT))) {
            ctx.response().writeContinue();
        }
        // HTTP/2 frames a body of unknown length by itself; the proxy looks for the header of HTTP/1.1 to know of one.
        if (version == HttpVersion.HTTP_2
                && !ctx.request().headers().contains(HttpHeaders.CONTENT_LENGTH)
                && !WITHOUT_BODY.contains(ctx.request().method())) {
            ctx.request().headers().set(HttpHeaders.TRANSFER_ENCODING, HttpHeaders.CHUNKED);
        }
    }

    /** @throws IllegalStateException when this is no answer that can be passed on */
    private ProxyResponse check(ProxyResponse response) {
        if (wait != null) {
            wait.end();
        }
        List<String> codings = response.headers().getAll(HttpHeaders.TRANSFER_ENCODING);
        boolean framed =
                codings.isEmpty() || codings.size() == 1 && codings.get(0).equalsIgnoreCase("chunked");
        if (response.getStatusCode() < 200 || !framed) {
            response.proxiedResponse().exceptionHandler(Failures::ignore).resume();
            throw new IllegalStateException("the origin's answer cannot be passed on");
        }
        return response;
    }

    /** An origin that has answered need not take the rest of the body: nobody waits for it any more. */
    private void answered(Void end) {
        if (!ctx.request().isEnded()) {
            stop();
        }
    }

    private void abandon(Throwable failure) {
        Throwable cause = failure;
        if (wait != null) {
            wait.end();
            cause = wait.cause(failure);
        }
        stop();
        Failures.tell(ctx, origin, cause);
    }

    /**
     * Ends the request at the origin and reads the client's body on, for nobody: a connection that is closed while it
     * is paused never gives its buffers back, and one that is kept would wait for its reader.
     */
    private void stop() {
        if (toOrigin != null) {
            toOrigin.reset();
        }
        HttpServerRequest request = ctx.request();
        if (!request.isEnded()) {
            request.handler(chunk -> {}).resume();
        }
    }
}
