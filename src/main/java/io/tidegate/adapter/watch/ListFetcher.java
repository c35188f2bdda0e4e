package io.tidegate.adapter.watch;

import io.tidegate.edge.message.ContentCoding;
import io.tidegate.proxy.origin.Origin;
import io.tidegate.proxy.origin.ServerDialer;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Fetches an origin's list over a separate connection, within time and memory limits. Used on the context of its
 * {@link WatchVerticle}.
 */
final class ListFetcher {

    private static final int MAX_HEADER_SIZE = 64 << 10;

    private final Vertx vertx;
    private final Watch watch;
    private final Origin origin;
    private final List<URI> servers;
    private final HttpClient client;
    private final ServerDialer dialer;
    /** The index of the server to use, which advances after each failure. */
    private int server;

    ListFetcher(Vertx vertx, Watch watch, Origin origin) {
        this.vertx = vertx;
        this.watch = watch;
        this.origin = origin;
        this.servers = origin.servers();
        this.dialer = new ServerDialer(vertx);
        this.client = vertx.createHttpClient(
                new HttpClientOptions()
                        .setMaxHeaderSize(MAX_HEADER_SIZE)
                        .setConnectTimeout((int)
                                Math.min(Integer.MAX_VALUE, watch.timeout().toMillis()))
                        .setTcpKeepAlive(true),
                new PoolOptions().setHttp1MaxSize(1).setMaxWaitQueueSize(1));
    }

    /**
     * The validators of the last list, which make the next request conditional.
     *
     * @param etag the {@code ETag}; empty if the response had none
     * @param lastModified the {@code Last-Modified}; empty if the response had none
     */
    record Validators(String etag, String lastModified) {
        static final Validators NONE = new Validators("", "");
    }

    /** A response with its validators. The body is null if the list has not been modified. */
    record Answer(Validators validators, @Nullable Buffer body) {}

    /**
     * Fetches the list. The future fails, with a message for the log, unless a complete response with status 200 or 304
     * arrives in time.
     */
    Future<Answer> fetch(Validators known) {
        Promise<Answer> result = Promise.promise();
        AtomicReference<HttpClientRequest> sent = new AtomicReference<>();
        long timer = vertx.setTimer(
                watch.timeout().toMillis(),
                late -> result.tryFail(
                        "no complete response within " + watch.timeout().toMillis() + " ms"));
        Future<Answer> ended = result.future().onComplete(done -> {
            vertx.cancelTimer(timer);
            HttpClientRequest request = sent.get();
            if (done.failed()) {
                server = (server + 1) % servers.size();
            }
            if (done.failed() && request != null) {
                request.reset();
            }
        });
        dialer.open(client, origin, servers.get(server), request(), watch.timeout())
                .compose(request -> {
                    sent.set(request.exceptionHandler(result::tryFail));
                    if (ended.isComplete()) {
                        request.reset();
                    }
                    return send(request, known);
                })
                .onSuccess(response -> receive(response, known, result))
                .onFailure(result::tryFail);
        return ended;
    }

    private RequestOptions request() {
        return new RequestOptions().setMethod(HttpMethod.GET).setURI(watch.path());
    }

    private Future<HttpClientResponse> send(HttpClientRequest request, Validators known) {
        request.putHeader(HttpHeaders.ACCEPT, "application/json")
                .putHeader(HttpHeaders.ACCEPT_ENCODING, ContentCoding.ACCEPTED)
                .putHeader(HttpHeaders.USER_AGENT, "tidegate");
        watch.headers().forEach((name, value) -> request.putHeader(name, Secrets.resolve(value)));
        if (!known.etag().isEmpty()) {
            request.putHeader(HttpHeaders.IF_NONE_MATCH, known.etag());
        }
        if (!known.lastModified().isEmpty()) {
            request.putHeader(HttpHeaders.IF_MODIFIED_SINCE, known.lastModified());
        }
        return request.send();
    }

    private void receive(HttpClientResponse response, Validators known, Promise<Answer> result) {
        response.exceptionHandler(result::tryFail);
        if (response.statusCode() == 304 && !known.equals(Validators.NONE)) {
            response.endHandler(end -> result.tryComplete(new Answer(known, null)));
            return;
        }
        if (response.statusCode() != 200) {
            result.tryFail("the response had status " + response.statusCode());
            return;
        }
        Buffer body = Buffer.buffer();
        response.handler(chunk -> {
            if (body.length() + chunk.length() > watch.maxBody()) {
                result.tryFail("the response was larger than " + watch.maxBody() + " bytes");
            } else {
                body.appendBuffer(chunk);
            }
        });
        Validators next = new Validators(text(response, HttpHeaders.ETAG), text(response, HttpHeaders.LAST_MODIFIED));
        response.endHandler(end -> {
            try {
                byte[] list = ContentCoding.decode(body.getBytes(), response.headers(), watch.maxBody());
                result.tryComplete(new Answer(next, Buffer.buffer(list)));
            } catch (IOException undecodable) {
                result.tryFail("cannot decode the response: " + undecodable.getMessage());
            }
        });
    }

    private static String text(HttpClientResponse response, CharSequence header) {
        String value = response.getHeader(header);
        return value == null ? "" : value;
    }

    Future<Void> close() {
        return client.close();
    }
}
