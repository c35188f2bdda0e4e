package io.tidegate.auth.token;

import io.tidegate.access.Caller;
import io.tidegate.access.Role;
import io.tidegate.auth.issuer.ClaimPaths;
import io.tidegate.auth.issuer.Issuer;
import io.tidegate.event.TopicPattern;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Turns the claims of a token into a {@link Caller}, which counts once the signature is verified too. Anything that is not as
 * {@link Tokens} describes it is an {@link IllegalArgumentException}: what is malformed grants nothing. This comes before the
 * signature because JWTAuth throws at times that are no numbers.
 */
final class Claims {

    /** How far the clock of the issuer may be off ours. */
    static final Duration LEEWAY = Duration.ofSeconds(5);

    private static final int MAX_SUBJECT = 255;
    /** The end of the year 9999: later ones do not fit the printed forms of a time. */
    private static final long LAST_SECOND = Caller.NEVER.getEpochSecond();

    private Claims() {}

    static Caller read(JsonObject claims, Issuer issuer, Instant now) {
        Instant expires = time(claims, "exp").orElseThrow(() -> new IllegalArgumentException("no exp"));
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

    /** A subject is written to logs and compared, so it is short and has no control characters. */
    static String checkedSubject(String subject) {
        if (subject.isBlank()
                || subject.length() > MAX_SUBJECT
                || subject.chars().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException(
                    "a subject has 1 to " + MAX_SUBJECT + " characters and no control characters");
        }
        return subject;
    }

    /** The highest role named; names we do not know belong to other systems and give nothing here. */
    private static Role role(JsonObject claims, String path) {
        return strings(claims, path)
                .map(Role::named)
                .flatMap(Optional::stream)
                .max(Role::compareTo)
                .orElseThrow(() -> new IllegalArgumentException("no role"));
    }

    private static List<TopicPattern> patterns(JsonObject claims, String path) {
        return strings(claims, path).map(TopicPattern::new).toList();
    }

    private static Stream<String> strings(JsonObject claims, String path) {
        Object found = find(claims, path).orElseThrow(() -> new IllegalArgumentException("no " + path));
        if (found instanceof JsonArray array) {
            return array.stream().map(Claims::string);
        }
        return Arrays.stream(string(found).split(" ", -1)).filter(word -> !word.isEmpty());
    }

    /** A name that has dots, such as a URL, comes before a way through objects. */
    private static Optional<Object> find(JsonObject claims, String path) {
        if (claims.containsKey(path)) {
            Object value = claims.getValue(path);
            if (value == null) {
                throw new IllegalArgumentException(path + " is null");
            }
            return Optional.of(value);
        }
        int dot = path.indexOf('.');
        return dot > 0 && claims.getValue(path.substring(0, dot)) instanceof JsonObject inner
                ? find(inner, path.substring(dot + 1))
                : Optional.empty();
    }

    private static String string(@org.jspecify.annotations.Nullable Object value) {
        if (value instanceof String text) {
            return text;
        }
        throw new IllegalArgumentException("not a string");
    }

    private static void refuseFuture(JsonObject claims, String name, Instant now) {
        Instant limit = now.plus(LEEWAY);
        if (time(claims, name).filter(limit::isBefore).isPresent()) {
            throw new IllegalArgumentException(name + " lies in the future");
        }
    }

    /** A NumericDate of RFC 7519, 2: seconds, which may have a fraction. */
    private static Optional<Instant> time(JsonObject claims, String name) {
        if (!claims.containsKey(name)) {
            return Optional.empty();
        }
        if (claims.getValue(name) instanceof Number seconds
                && seconds.doubleValue() >= 0
                && seconds.doubleValue() <= LAST_SECOND) {
            return Optional.of(Instant.ofEpochSecond(seconds.longValue()));
        }
        throw new IllegalArgumentException(name + " is not a time");
    }
}
