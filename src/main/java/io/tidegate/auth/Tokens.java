package io.tidegate.auth;

import io.tidegate.event.TopicPattern;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.auth.JWTOptions;
import io.vertx.ext.auth.PubSecKeyOptions;
import io.vertx.ext.auth.authentication.TokenCredentials;
import io.vertx.ext.auth.jwt.JWTAuth;
import io.vertx.ext.auth.jwt.JWTAuthOptions;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Mints and verifies the tokens of this gateway: JWT of <a href="https://www.rfc-editor.org/rfc/rfc7519">RFC 7519</a>,
 * signed with HS256 and nothing else. Safe from every thread; no token is ever logged.
 *
 * <p>Claims: {@code sub}, {@code iss}, {@code aud} and {@code exp} (all required), {@code iat} and {@code nbf} (checked
 * when there), {@code roles} (an array; the highest of {@code viewer}, {@code publisher}, {@code admin} counts, other
 * names are ignored, none known is refused), {@code topics} (an array of topic patterns: what may be read) and
 * {@code publish} (an array of patterns: what may be published to; the same as {@code topics} when it is not there). A
 * viewer publishes nothing, whatever {@code publish} says.
 */
public final class Tokens {

    /** Browsers drop a cookie whose name and value have more than 4,096 bytes, and a token must fit one. */
    static final int MAX_LENGTH = 4000;

    private static final String ALGORITHM = "HS256";
    private static final Pattern SHAPE = Pattern.compile("[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+");

    private final JWTAuth jwt;
    private final AuthOptions options;
    private final Clock clock;

    private Tokens(Buffer key, AuthOptions options, Clock clock) {
        this.options = options;
        this.clock = clock;
        // The library judges times by the clock of the system; Claims does by ours. It uses a Vertx for key stores
        // only.
        this.jwt = JWTAuth.create(
                null,
                new JWTAuthOptions()
                        .addPubSecKey(
                                new PubSecKeyOptions().setAlgorithm(ALGORITHM).setBuffer(key))
                        .setJWTOptions(new JWTOptions()
                                .setIssuer(options.issuer())
                                .setAudience(List.of(options.audience()))
                                .setIgnoreExpiration(true)));
    }

    /**
     * Opens the key file in the data folder; on first use makes it, and the folder. Blocks on the disk.
     *
     * @throws KeyException when there is no usable key; the message names the file
     */
    public static Tokens open(Path data, AuthOptions options, Clock clock) {
        return new Tokens(KeyFile.open(data.resolve(options.keyFile())), options, clock);
    }

    /** As the longer form, with {@code topics} to read and, for a publisher or admin, to publish to as well. */
    public String mint(String subject, Role role, List<TopicPattern> topics, Duration ttl) {
        return mint(subject, role, topics, topics, ttl);
    }

    /**
     * Makes a token.
     *
     * @param ttl how long it is good, at least a second
     * @throws IllegalArgumentException when the subject or the ttl is not valid, or the grants are too many for a cookie
     */
    public String mint(String subject, Role role, List<TopicPattern> read, List<TopicPattern> publish, Duration ttl) {
        if (ttl.toSeconds() < 1) {
            throw new IllegalArgumentException("a token is good for at least a second");
        }
        Instant now = clock.instant();
        JsonObject claims = new JsonObject()
                .put("sub", Claims.checkedSubject(subject))
                .put("iss", options.issuer())
                .put("aud", options.audience())
                .put("iat", now.getEpochSecond())
                .put("exp", now.plus(ttl).getEpochSecond())
                .put(Claims.ROLES, new JsonArray().add(role.text()))
                .put(Claims.TOPICS, texts(read));
        if (role.includes(Role.PUBLISHER) && !publish.equals(read)) {
            claims.put(Claims.PUBLISH, texts(publish));
        }
        String token = jwt.generateToken(claims, new JWTOptions().setAlgorithm(ALGORITHM));
        if (token.length() > MAX_LENGTH) {
            throw new IllegalArgumentException("too many topics: a token has at most " + MAX_LENGTH + " characters");
        }
        return token;
    }

    /**
     * Says whose token this is. It has ended at its {@code exp} by our clock: the five seconds by which the clock of its
     * issuer may differ count for {@code iat} and {@code nbf} alone, or a token could open a stream after its end.
     *
     * @return fails with {@code unauthenticated}, its detail telling an expired token from one that is not valid
     */
    public Future<Caller> verify(String token) {
        if (token.length() > MAX_LENGTH || !SHAPE.matcher(token).matches()) {
            return Future.failedFuture(Refusal.INVALID.toException());
        }
        Instant now = clock.instant();
        // Composed, because the library throws at once when a claim has the wrong JSON type. Its reasons can quote the
        // token, so they end here.
        return Future.succeededFuture(new TokenCredentials(token))
                .compose(jwt::authenticate)
                .map(user -> {
                    refuseCriticalHeader(token);
                    return Claims.read(user.attributes().getJsonObject("accessToken"), now);
                })
                .recover(malformed -> Future.failedFuture(Refusal.INVALID.toException()))
                .compose(caller -> caller.expires().isAfter(now)
                        ? Future.succeededFuture(caller)
                        : Future.failedFuture(Refusal.EXPIRED.toException()));
    }

    /** RFC 7515, 4.1.11: a token with extensions that we do not understand is not valid; the library does not look. */
    private static void refuseCriticalHeader(String token) {
        byte[] header = Base64.getUrlDecoder().decode(token.substring(0, token.indexOf('.')));
        if (new JsonObject(Buffer.buffer(header)).containsKey("crit")) {
            throw new IllegalArgumentException("crit");
        }
    }

    private static JsonArray texts(List<TopicPattern> patterns) {
        return new JsonArray(patterns.stream().map(TopicPattern::text).toList());
    }
}
