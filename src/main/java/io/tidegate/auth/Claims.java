package io.tidegate.auth;

import io.tidegate.event.TopicPattern;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Turns the claims of a token whose signature, issuer and audience hold into a {@link Caller}. Anything that is not
 * exactly as {@link Tokens} describes it is an {@link IllegalArgumentException}: what is malformed grants nothing.
 */
final class Claims {

    static final String ROLES = "roles";
    static final String TOPICS = "topics";
    static final String PUBLISH = "publish";

    /** How far the clock of the issuer may be off ours. */
    static final Duration LEEWAY = Duration.ofSeconds(5);

    private static final int MAX_SUBJECT = 255;
    /** The end of the year 9999: later ones do not fit the printed forms of a time. */
    private static final long LAST_SECOND = 253_402_300_799L;

    private Claims() {}

    static Caller read(JsonObject claims, Instant now) {
        Instant expires = time(claims, "exp").orElseThrow(() -> new IllegalArgumentException("no exp"));
        refuseFuture(claims, "iat", now);
        refuseFuture(claims, "nbf", now);
        Role role = role(claims);
        List<TopicPattern> read = patterns(claims, TOPICS);
        List<TopicPattern> publish = claims.containsKey(PUBLISH) ? patterns(claims, PUBLISH) : read;
        return new Caller(
                checkedSubject(string(claims.getValue("sub"))),
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
    private static Role role(JsonObject claims) {
        return strings(claims, ROLES)
                .map(Role::named)
                .flatMap(Optional::stream)
                .max(Role::compareTo)
                .orElseThrow(() -> new IllegalArgumentException("no role"));
    }

    private static List<TopicPattern> patterns(JsonObject claims, String name) {
        return strings(claims, name).map(TopicPattern::new).toList();
    }

    private static Stream<String> strings(JsonObject claims, String name) {
        if (claims.getValue(name) instanceof JsonArray array) {
            return array.stream().map(Claims::string);
        }
        throw new IllegalArgumentException(name + " is not an array");
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
