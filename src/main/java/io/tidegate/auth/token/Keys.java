package io.tidegate.auth.token;

import io.tidegate.auth.jose.Algorithm;
import io.tidegate.auth.jose.KeyException;
import io.tidegate.auth.jose.KeySet;
import io.tidegate.auth.jose.ParsedKeys;
import io.tidegate.auth.jose.SkippedKey;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The keys of one issuer, as of the last successful read of their source. Thread-safe. */
final class Keys {

    private static final Logger LOG = LoggerFactory.getLogger(Keys.class);

    private final String issuer;
    private final KeySource source;
    private final KeyOptions options;
    private final Clock clock;
    private volatile KeySet current;
    private volatile List<SkippedKey> skipped = List.of();
    private @Nullable Promise<Void> reading;
    private Instant lastRefresh = Instant.MIN;

    Keys(String issuer, KeySet none, KeySource source, KeyOptions options, Clock clock) {
        this.issuer = issuer;
        this.current = none;
        this.source = source;
        this.options = options;
        this.clock = clock;
    }

    /** Returns keys that never change. */
    static Keys fixed(KeySet keys) {
        return new Keys("", keys, new NoSource(), KeyOptions.DEFAULTS, Clock.systemUTC());
    }

    private record NoSource() implements KeySource {
        @Override
        public Future<ParsedKeys> read() {
            return Future.failedFuture("these keys never change");
        }

        @Override
        public Set<Algorithm> allowed() {
            return Set.of();
        }

        @Override
        public String location() {
            return "";
        }
    }

    KeySet current() {
        return current;
    }

    /** Reads the keys for the first time and then periodically. */
    Future<Void> open(Vertx vertx) {
        return read().onSuccess(opened -> scheduleRead(vertx, options.every()));
    }

    /**
     * Reads the keys again because a token names an unknown key.
     *
     * @return a future with true if the keys were read, or with false if the read failed or was skipped because of a
     *     recent attempt
     */
    Future<Boolean> refresh() {
        synchronized (this) {
            if (reading == null) {
                Instant time = clock.instant();
                if (time.isBefore(lastRefresh.plus(options.coolDown()))) {
                    return Future.succeededFuture(false);
                }
                lastRefresh = time;
            }
        }
        return read().map(true).otherwise(false);
    }

    /** Reads the keys, or waits for a read that is in progress. The current keys are kept if the read fails. */
    private Future<Void> read() {
        Promise<Void> done = Promise.promise();
        synchronized (this) {
            if (reading != null) {
                return reading.future();
            }
            reading = done;
        }
        source.read().map(this::replace).onComplete(found -> {
            synchronized (this) {
                reading = null;
            }
            done.handle(found.mapEmpty());
        });
        return done.future();
    }

    /**
     * Replaces the current keys with those that were read. Calls never overlap, because only one read is in progress at
     * a time.
     */
    private KeySet replace(ParsedKeys found) {
        found.skipped().stream()
                .distinct()
                .filter(key -> !skipped.contains(key))
                .forEach(this::report);
        skipped = found.skipped();
        if (found.usable().isEmpty()) {
            throw new KeyException(source.location() + " has no key that can verify " + source.allowed(), null);
        }
        if (!found.usable().equals(current.keys())) {
            current = current.with(found.usable());
            LOG.info("event=keys-read issuer={} keys={}", issuer, current.keys());
        }
        return current;
    }

    private void report(SkippedKey key) {
        LOG.warn(
                "event=key-skipped issuer={} kid={} kty={} alg={} reason=\"{}\"",
                issuer,
                key.id(),
                key.type(),
                key.algorithm(),
                key.reason());
    }

    private void scheduleRead(Vertx vertx, Duration delay) {
        long tenth = Math.max(1, delay.toMillis() / 10);
        long millis = delay.toMillis() - tenth + ThreadLocalRandom.current().nextLong(2 * tenth);
        vertx.setTimer(Math.max(1, millis), ignored -> read().onComplete(
                        read -> scheduleRead(vertx, options.every()), failure -> {
                            LOG.warn(
                                    "event=keys-not-read issuer={} kept={} reason=\"{}\"",
                                    issuer,
                                    current.keys().size(),
                                    failure.getMessage());
                            scheduleRead(vertx, min(options.every(), options.coolDown()));
                        }));
    }

    private static Duration min(Duration a, Duration b) {
        return a.compareTo(b) < 0 ? a : b;
    }
}
