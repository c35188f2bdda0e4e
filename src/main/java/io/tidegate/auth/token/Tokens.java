package io.tidegate.auth.token;

import io.tidegate.access.Caller;
import io.tidegate.access.Role;
import io.tidegate.auth.jose.Algorithm;
import io.tidegate.auth.jose.Jws;
import io.tidegate.auth.jose.KeyException;
import io.tidegate.auth.jose.TokenSigner;
import io.tidegate.auth.jose.VerifyKey;
import io.tidegate.event.TopicPattern;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.crypto.spec.SecretKeySpec;

/**
 * Issues this gateway's tokens and verifies the tokens of all issuers. Tokens are JWTs (<a
 * href="https://www.rfc-editor.org/rfc/rfc7519">RFC 7519</a>) and are never logged. Thread-safe.
 *
 * <p>The claims are {@code sub}, {@code iss}, {@code aud} and {@code exp} (all required), {@code iat} and {@code nbf}
 * (checked if present), and those of {@link ClaimPaths}: the roles (the highest of {@code viewer}, {@code publisher}
 * and {@code admin} applies; other names are ignored, and a token without a known role is refused), the topics that may
 * be read and the topics that may be published to. A viewer may not publish to any topic, even if the token grants it.
 */
public final class Tokens {

    /** The capacity of the cache in bytes, enough for about ten thousand tokens of typical length. */
    private static final int VERIFIED_BYTES = 16 << 20;

    /**
     * The maximum length of a token issued by this gateway. It must fit into a cookie, and browsers drop cookies whose
     * name and value together exceed 4,096 bytes.
     */
    private static final int MAX_ISSUED = 4000;

    private final TokenSigner signer;
    private final AuthOptions options;
    private final Clock clock;
    private final Map<String, Issuer> issuers;
    private final VerifiedTokenCache verified = new VerifiedTokenCache(VERIFIED_BYTES);
    private final LongAdder verifications = new LongAdder();

    private Tokens(byte[] key, AuthOptions options, Clock clock, List<Issuer> others) {
        this.options = options;
        this.clock = clock;
        VerifyKey own = new VerifyKey(Optional.empty(), new SecretKeySpec(key, "HMAC"), Set.of(Algorithm.HS256));
        this.signer = new TokenSigner(key);
        this.issuers = Stream.concat(Stream.of(Issuer.own(options.issuer(), options.audience(), own)), others.stream())
                .collect(Collectors.toUnmodifiableMap(Issuer::name, Function.identity()));
    }

    /**
     * Opens the key file in the data folder; creates both on first use. The result does not accept the tokens of other
     * issuers, so it is only for commands. Blocks on disk I/O.
     *
     * @throws KeyException if there is no usable key; the message names the file
     */
    public static Tokens open(Path data, AuthOptions options, Clock clock) {
        return new Tokens(KeyFile.open(data.resolve(options.keyFile())), options, clock, List.of());
    }

    /**
     * Opens the key file like the other overload and also loads the keys of all other issuers, which are reread
     * periodically while the Vertx instance runs.
     *
     * @return a future that fails with a {@link KeyException} whose message has one line per problem, with the
     *     problem's place in the configuration
     */
    public static Future<Tokens> open(Vertx vertx, Path data, AuthOptions options, Clock clock) {
        return new KeyLoading(vertx, data, options.keyFile(), options.keys(), options.issuers(), clock)
                .open((key, others) -> new Tokens(key, options, clock, others));
    }

    /** Issues a token that grants reading {@code topics} and, for a publisher or admin, also publishing to them. */
    public String mint(String subject, Role role, List<TopicPattern> topics, Duration ttl) {
        return mint(subject, role, topics, topics, ttl);
    }

    /**
     * Issues a token.
     *
     * @param ttl the time for which the token is valid, at least one second
     * @throws IllegalArgumentException if the subject or the ttl is not valid, or if the token would be too long for a
     *     cookie
     */
    public String mint(String subject, Role role, List<TopicPattern> read, List<TopicPattern> publish, Duration ttl) {
        if (ttl.toSeconds() < 1) {
            throw new IllegalArgumentException("the ttl must be at least one second");
        }
        Instant now = clock.instant();
        ClaimPaths names = ClaimPaths.DEFAULTS;
        JsonObject claims = new JsonObject()
                .put("sub", Claims.checkedSubject(subject))
                .put("iss", options.issuer())
                .put("aud", options.audience())
                .put("iat", now.getEpochSecond())
                .put("exp", now.plus(ttl).getEpochSecond())
                .put(names.roles(), new JsonArray().add(role.text()))
                .put(names.topics(), texts(read));
        if (role.includes(Role.PUBLISHER) && !publish.equals(read)) {
            claims.put(names.publish(), texts(publish));
        }
        String token = signer.sign(claims);
        if (token.length() > MAX_ISSUED) {
            throw new IllegalArgumentException(
                    "too many topics: a token must have at most " + MAX_ISSUED + " characters");
        }
        return token;
    }

    /**
     * Verifies a token and returns its caller. The token expires at its {@code exp} by this node's clock. The leeway of
     * five seconds applies only to {@code iat} and {@code nbf}, because with a leeway for {@code exp}, a token could
     * open a stream after its expiry.
     *
     * @return a future that fails with {@code unauthenticated}, whose detail distinguishes an expired token from an
     *     invalid one. It is already complete unless the issuer's keys must be read again; then it completes later, on
     *     any thread.
     */
    public Future<Caller> verify(String token) {
        if (token.length() > Jws.MAX_LENGTH) {
            return Future.failedFuture(Refusal.INVALID.toException());
        }
        SecretHash hash = SecretHash.of(token);
        return verified.find(hash)
                .map(Future::succeededFuture)
                .orElseGet(() -> verify(token, hash))
                // The cause is discarded, because it may quote the token.
                .recover(malformed -> Future.failedFuture(Refusal.INVALID.toException()))
                .compose(caller -> {
                    if (caller.expires().isAfter(clock.instant())) {
                        return Future.succeededFuture(caller);
                    }
                    verified.remove(hash);
                    return Future.failedFuture(Refusal.EXPIRED.toException());
                });
    }

    /** Returns the number of signature verifications since startup. */
    public long verifications() {
        return verifications.sum();
    }

    private Future<Caller> verify(String token, SecretHash hash) {
        return Future.succeededFuture(token).map(Jws::parse).compose(jws -> {
            Issuer issuer = issuerOf(jws);
            Caller claimed = Claims.read(jws.claims(), issuer, clock.instant());
            verifications.increment();
            return issuer.verify(jws).map(signedBy -> {
                verified.add(hash, new VerifiedTokenCache.Entry(claimed, issuer, signedBy, token));
                return claimed;
            });
        });
    }

    /** Returns the issuer that the token names. The signature has not yet been verified, so the name may be forged. */
    private Issuer issuerOf(Jws jws) {
        Issuer issuer = jws.claims().getValue("iss") instanceof String name ? issuers.get(name) : null;
        if (issuer == null) {
            throw new IllegalArgumentException("iss must be a configured issuer");
        }
        return issuer;
    }

    private static JsonArray texts(List<TopicPattern> patterns) {
        return new JsonArray(patterns.stream().map(TopicPattern::text).toList());
    }
}
