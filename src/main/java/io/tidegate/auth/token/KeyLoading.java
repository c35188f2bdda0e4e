package io.tidegate.auth.token;

import io.tidegate.auth.jose.KeyException;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;

/** Loads all keys at startup: the gateway's key and the keys of other issuers. Reports all problems together. */
record KeyLoading(
        Vertx vertx, Path data, String keyFile, KeyOptions options, List<IssuerOptions> issuers, Clock clock) {

    private static final int CONNECT_MILLIS = 5_000;

    /**
     * Loads the keys and passes the gateway's key and the other issuers to the factory.
     *
     * @return a future with the factory's result; it fails with a {@link KeyException} whose message has one line per
     *     problem
     */
    <T> Future<T> open(BiFunction<byte[], List<Issuer>, T> factory) {
        Future<byte[]> key = at("auth.key-file", vertx.executeBlocking(() -> KeyFile.open(data.resolve(keyFile))));
        List<Future<?>> all = new ArrayList<>(List.of(key));
        List<Issuer> others = new ArrayList<>();
        HttpClient client = vertx.createHttpClient(new HttpClientOptions().setConnectTimeout(CONNECT_MILLIS));
        for (int i = 0; i < issuers.size(); i++) {
            IssuerOptions issuer = issuers.get(i);
            Issuer other = Issuer.of(issuer, source(issuer, client), options, clock);
            others.add(other);
            all.add(at("auth.issuers[" + i + "].keys", other.keys().open(vertx)));
        }
        return Future.join(all).map(done -> factory.apply(key.result(), others)).recover(failure -> {
            List<String> problems = all.stream()
                    .filter(Future::failed)
                    .map(failed -> failed.cause().getMessage())
                    .toList();
            return Future.failedFuture(new KeyException(String.join("\n", problems), null));
        });
    }

    private KeySource source(IssuerOptions issuer, HttpClient client) {
        return issuer.remote()
                ? new RemoteKeys(vertx, client, issuer.keys(), issuer.allowed())
                : new FileKeys(vertx, data.resolve(issuer.keys()), issuer.allowed());
    }

    private static <T> Future<T> at(String path, Future<T> part) {
        return part.recover(failure -> Future.failedFuture(new KeyException(
                path + ": " + (failure instanceof KeyException ? failure.getMessage() : failure), null)));
    }
}
