package io.tidegate.adapter.watch;

import io.tidegate.proxy.origin.Origin;
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
import java.net.URI;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Asks an origin for its list over one connection of its own, in bounded time and bounded memory. */
final class ListFetcher {

    private static final int HEAD_LIMIT = 64 << 10;

    private final Vertx vertx;
    private final Watch watch;
    private final List<URI> servers;
    private final HttpClient client;
    /** Which of them is asked; the next one after a failure. */
    private int server;

    ListFetcher(Vertx vertx, Watch watch, Origin origin) {
        this.vertx = vertx;
        this.watch = watch;
        this.servers = origin.servers();
        this.client = vertx.createHttpClient(
                new HttpClientOptions()
                        .setMaxHeaderSize(HEAD_LIMIT)
                        .setConnectTimeout((int)
                                Math.min(Integer.MAX_VALUE, watch.timeout().toMillis()))
                        .setTcpKeepAlive(true),
                new PoolOptions().setHttp1MaxSize(1).setMaxWaitQueueSize(1));
    }

    /**
     * What is asked for again if it was not changed.
     *
     * @param etag and lastModified of the last list, empty where it had none
     */
    record Validators(String etag, String lastModified) {
        static final Validators NONE = new Validators("", "");
    }

    /** A list; without a body when it is the one that the validators stand for. */
    record Answer(Validators validators, @Nullable Buffer body) {}

    /** Fails, with a message for the log, when there is no whole answer with 200 or 304 in time. */
    Future<Answer> ask(Validators known) {
        Promise<Answer> answer = Promise.promise();
        AtomicReference<HttpClientRequest> sent = new AtomicReference<>();
        long timer = vertx.setTimer(
                watch.timeout().toMillis(),
                late -> answer.tryFail("no whole answer in " + watch.timeout().toMillis() + " ms"));
        Future<Answer> ended = answer.future().onComplete(done -> {
            vertx.cancelTimer(timer);
            HttpClientRequest request = sent.get();
            if (done.failed()) {
                server = (server + 1) % servers.size();
            }
            if (done.failed() && request != null) {
                request.reset();
            }
        });
        client.request(request())
                .compose(request -> {
                    sent.set(request.exceptionHandler(answer::tryFail));
                    if (ended.isComplete()) {
                        request.reset();
                    }
                    return send(request, known);
                })
                .onSuccess(response -> take(response, known, answer))
                .onFailure(answer::tryFail);
        return ended;
    }

    private RequestOptions request() {
        return Origin.request(servers.get(server))
                .setMethod(HttpMethod.GET)
                .setURI(watch.path())
                .setConnectTimeout(watch.timeout().toMillis());
    }

    private Future<HttpClientResponse> send(HttpClientRequest request, Validators known) {
        request.putHeader(HttpHeaders.ACCEPT, "application/json").putHeader(HttpHeaders.USER_AGENT, "tidegate");
        watch.headers().forEach((name, value) -> request.putHeader(name, Secrets.resolve(value)));
        if (!known.etag().isEmpty()) {
            request.putHeader(HttpHeaders.IF_NONE_MATCH, known.etag());
        }
        if (!known.lastModified().isEmpty()) {
            request.putHeader(HttpHeaders.IF_MODIFIED_SINCE, known.lastModified());
        }
        return request.send();
    }

    private void take(HttpClientResponse response, Validators known, Promise<Answer> answer) {
        response.exceptionHandler(answer::tryFail);
        if (response.statusCode() == 304 && !known.equals(Validators.NONE)) {
            response.endHandler(end -> answer.tryComplete(new Answer(known, null)));
            return;
        }
        if (response.statusCode() != 200 || response.headers().contains(HttpHeaders.CONTENT_ENCODING)) {
            answer.tryFail("an answer of " + response.statusCode()
                    + (response.statusCode() == 200 ? " in a coding that was not asked for" : ""));
            return;
        }
        Buffer body = Buffer.buffer();
        response.handler(chunk -> {
            if (body.length() + chunk.length() > watch.maxBody()) {
                answer.tryFail("an answer of over " + watch.maxBody() + " bytes");
            } else {
                body.appendBuffer(chunk);
            }
        });
        Validators next = new Validators(text(response, HttpHeaders.ETAG), text(response, HttpHeaders.LAST_MODIFIED));
        response.endHandler(end -> answer.tryComplete(new Answer(next, body)));
    }

    private static String text(HttpClientResponse response, CharSequence header) {
        String value = response.getHeader(header);
        return value == null ? "" : value;
    }

    Future<Void> close() {
        return client.close();
    }
}
