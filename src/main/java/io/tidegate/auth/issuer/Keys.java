package io.tidegate.auth.issuer;

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

/**
 * The keys of one issuer: those that its source had when it was last read with success. Safe from every thread.
 */
public final class Keys {

    private static final Logger LOG = LoggerFactory.getLogger(Keys.class);

    private final String issuer;
    private final KeySource source;
    private final KeyOptions options;
    private final Clock clock;
    private volatile KeySet now;
    private volatile List<SkippedKey> skipped = List.of();
    private @Nullable Promise<Void> reading;
    private Instant lastAsked = Instant.MIN;

    Keys(String issuer, KeySet none, KeySource source, KeyOptions options, Clock clock) {
        this.issuer = issuer;
        this.now = none;
        this.source = source;
        this.options = options;
        this.clock = clock;
    }

    /** Keys that never change. */
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
        public String place() {
            return "";
        }
    }

    public KeySet now() {
        return now;
    }

    /** Reads them for the first time, and from then on as often as the options say. */
    Future<Void> open(Vertx vertx) {
        return read().onSuccess(opened -> again(vertx, options.every()));
    }

    /**
     * Reads them because a token names a key that is not there.
     *
     * @return whether they were read; they are not when that was tried a short time ago
     */
    public Future<Boolean> ask() {
        synchronized (this) {
            if (reading == null) {
                Instant time = clock.instant();
                if (time.isBefore(lastAsked.plus(options.coolDown()))) {
                    return Future.succeededFuture(false);
                }
                lastAsked = time;
            }
        }
        return read().map(true).otherwise(false);
    }

    /** Reads them, or waits for a reading that is under way; a failure changes nothing. */
    private Future<Void> read() {
        Promise<Void> done = Promise.promise();
        synchronized (this) {
            if (reading != null) {
                return reading.future();
            }
            reading = done;
        }
        source.read().map(this::take).onComplete(found -> {
            synchronized (this) {
                reading = null;
            }
            done.handle(found.mapEmpty());
        });
        return done.future();
    }

    /** Takes over what was read. Only one reading is under way at a time, so calls never overlap. */
    private KeySet take(ParsedKeys found) {
        found.skipped().stream()
                .distinct()
                .filter(key -> !skipped.contains(key))
                .forEach(this::report);
        skipped = found.skipped();
        if (found.usable().isEmpty()) {
            throw new KeyException(source.place() + " has no key that can verify " + source.allowed(), null);
        }
        if (!found.usable().equals(now.keys())) {
            now = now.with(found.usable());
            LOG.info("event=keys-read issuer={} keys={}", issuer, now.keys());
        }
        return now;
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

    private void again(Vertx vertx, Duration after) {
        long tenth = Math.max(1, after.toMillis() / 10);
        long millis = after.toMillis() - tenth + ThreadLocalRandom.current().nextLong(2 * tenth);
        vertx.setTimer(
                Math.max(1, millis), ignored -> read().onComplete(read -> again(vertx, options.every()), failure -> {
                    LOG.warn(
                            "event=keys-not-read issuer={} kept={} reason=\"{}\"",
                            issuer,
                            now.keys().size(),
                            failure.getMessage());
                    again(vertx, shorter(options.every(), options.coolDown()));
                }));
    }

    private static Duration shorter(Duration a, Duration b) {
        return a.compareTo(b) < 0 ? a : b;
    }
}
