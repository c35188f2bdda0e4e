package io.tidegate.auth.token;

import io.tidegate.access.Caller;
import io.tidegate.access.Role;
import io.tidegate.event.TopicPattern;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Reads the claims of a token into a {@link Caller}, which must not be trusted until the signature has been verified.
 * Throws an {@link IllegalArgumentException} for claims that do not have the form described by {@link Tokens}. Claims
 * are read before the signature is verified because JWTAuth throws on times that are not numbers.
 */
final class Claims {

    /** The tolerated difference between the issuer's clock and the clock of this node. */
    static final Duration LEEWAY = Duration.ofSeconds(5);

    private static final int MAX_SUBJECT = 255;
    /** The end of the year 9999. Later times cannot be formatted as ISO 8601 or HTTP dates. */
    private static final long LAST_SECOND = Caller.NEVER.getEpochSecond();

    private Claims() {}

    static Caller read(JsonObject claims, Issuer issuer, Instant now) {
        Instant expires = time(claims, "exp").orElseThrow(() -> new IllegalArgumentException("exp is required"));
        refuseFuture(claims, "iat", now);
        refuseFuture(claims, "nbf", now);
        ClaimPaths paths = issuer.claims();
        Role role = role(claims, paths.roles());
        List<TopicPattern> read = patterns(claims, paths.topics());
        List<TopicPattern> publish =
                find(claims, paths.publish()).isPresent() ? patterns(claims, paths.publish()) : read;
        return new Caller(
                issuer.prefix() + checkedSubject(string(claims.getValue("sub"))),
                role,
                read,
                role.includes(Role.PUBLISHER) ? publish : List.of(),
                expires);
    }

    /**
     * Returns the subject if it is short and has no control characters, which is required because subjects are logged
     * and compared.
     */
    static String checkedSubject(String subject) {
        if (subject.isBlank()
                || subject.length() > MAX_SUBJECT
                || subject.chars().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException(
                    "the subject must have 1 to " + MAX_SUBJECT + " characters and no control characters");
        }
        return subject;
    }

    /** Returns the highest known role. Unknown names belong to other systems and are ignored. */
    private static Role role(JsonObject claims, String path) {
        return strings(claims, path)
                .map(Role::named)
                .flatMap(Optional::stream)
                .max(Role::compareTo)
                .orElseThrow(() -> new IllegalArgumentException("the token must have a known role"));
    }

    private static List<TopicPattern> patterns(JsonObject claims, String path) {
        return strings(claims, path).map(TopicPattern::new).toList();
    }

    private static Stream<String> strings(JsonObject claims, String path) {
        Object found = find(claims, path).orElseThrow(() -> new IllegalArgumentException(path + " is required"));
        if (found instanceof JsonArray array) {
            return array.stream().map(Claims::string);
        }
        return Arrays.stream(string(found).split(" ", -1)).filter(word -> !word.isEmpty());
    }

    /**
     * Finds the value at a path. A claim whose name contains dots, such as a URL, takes precedence over nested objects.
     */
    private static Optional<Object> find(JsonObject claims, String path) {
        if (claims.containsKey(path)) {
            Object value = claims.getValue(path);
            if (value == null) {
                throw new IllegalArgumentException(path + " must not be null");
            }
            return Optional.of(value);
        }
        int dot = path.indexOf('.');
        return dot > 0 && claims.getValue(path.substring(0, dot)) instanceof JsonObject inner
                ? find(inner, path.substring(dot + 1))
                : Optional.empty();
    }

    private static String string(@Nullable Object value) {
        if (value instanceof String text) {
            return text;
        }
        throw new IllegalArgumentException("a claim must be a string");
    }

    private static void refuseFuture(JsonObject claims, String name, Instant now) {
        Instant limit = now.plus(LEEWAY);
        if (time(claims, name).filter(limit::isBefore).isPresent()) {
            throw new IllegalArgumentException(name + " must not be in the future");
        }
    }

    /**
     * Returns the time in a claim of type NumericDate (RFC 7519, 2), which is a number of seconds and may have a
     * fraction.
     */
    private static Optional<Instant> time(JsonObject claims, String name) {
        if (!claims.containsKey(name)) {
            return Optional.empty();
        }
        if (claims.getValue(name) instanceof Number seconds
                && seconds.doubleValue() >= 0
                && seconds.doubleValue() <= LAST_SECOND) {
            return Optional.of(Instant.ofEpochSecond(seconds.longValue()));
        }
        throw new IllegalArgumentException(name + " must be a time");
    }
}
