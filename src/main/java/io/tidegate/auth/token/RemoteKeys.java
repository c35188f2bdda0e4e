package io.tidegate.auth.token;

import io.tidegate.auth.jose.Algorithm;
import io.tidegate.auth.jose.Jwks;
import io.tidegate.auth.jose.KeyException;
import io.tidegate.auth.jose.ParsedKeys;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** Fetches a JWKS from a URL. Treats redirects as errors. */
record RemoteKeys(Vertx vertx, HttpClient client, String url, Set<Algorithm> allowed) implements KeySource {

    private static final int MAX_BYTES = 1 << 20;
    private static final int TIMEOUT_SECONDS = 10;

    @Override
    public Future<ParsedKeys> read() {
        RequestOptions request = new RequestOptions()
                .setMethod(HttpMethod.GET)
                .setAbsoluteURI(url)
                .putHeader("Accept", "application/jwk-set+json, application/json");
        return client.request(request)
                .compose(sent -> sent.send()
                        .compose(RemoteKeys::body)
                        .timeout(TIMEOUT_SECONDS, TimeUnit.SECONDS)
                        .onFailure(failure -> sent.reset()))
                .compose(body -> vertx.executeBlocking(() -> Jwks.parse(body.getBytes(), allowed), false))
                .recover(failure -> Future.failedFuture(new KeyException(url + ' ' + reason(failure), null)));
    }

    @Override
    public String location() {
        return url;
    }

    private static Future<Buffer> body(HttpClientResponse response) {
        if (response.statusCode() != 200) {
            return Future.failedFuture(new KeyException("returned status " + response.statusCode(), null));
        }
        Buffer body = Buffer.buffer();
        Promise<Buffer> whole = Promise.promise();
        response.handler(part -> {
            body.appendBuffer(part);
            if (body.length() > MAX_BYTES) {
                response.handler(ignored -> {});
                whole.tryFail(new KeyException("must have at most " + MAX_BYTES + " bytes", null));
            }
        });
        response.exceptionHandler(whole::tryFail);
        response.endHandler(ended -> whole.tryComplete(body));
        return whole.future();
    }

    private static String reason(Throwable failure) {
        return failure instanceof KeyException ? String.valueOf(failure.getMessage()) : "cannot be fetched: " + failure;
    }
}
