package io.tidegate.access;

import io.tidegate.event.Topic;
import io.tidegate.event.TopicPattern;
import io.tidegate.problem.Code;
import io.tidegate.problem.Problem;
import io.vertx.ext.web.RoutingContext;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * The caller of a request and its permissions.
 *
 * @param subject the token's {@code sub}, prefixed with the issuer's name and {@code |} unless the gateway itself
 *     issued it; empty for a caller without a token
 * @param read the topics that the caller may read
 * @param publish the topics that the caller may publish to; empty for a viewer
 * @param expires the time at which the token expires; the caller's streams end shortly before it
 */
public record Caller(String subject, Role role, List<TopicPattern> read, List<TopicPattern> publish, Instant expires) {

    private static final String KEY = Caller.class.getName();
    /**
     * The expiry of a caller without a token: the end of 9999, the last year that ISO 8601 and HTTP dates can express.
     */
    public static final Instant NEVER = Instant.ofEpochSecond(253_402_300_799L);

    private static final Duration DELIVERY_TIME = Duration.ofMillis(100);

    public Caller {
        read = List.copyOf(read);
        publish = List.copyOf(publish);
    }

    /** Returns a caller without a token, which may read these topics and never expires. */
    public static Caller anonymous(List<TopicPattern> topics) {
        return new Caller("", Role.VIEWER, topics, List.of(), NEVER);
    }

    public boolean isAnonymous() {
        return subject.isEmpty();
    }

    /**
     * Returns the caller that the route's guard admitted.
     *
     * @throws io.tidegate.problem.ProblemException with the code {@code unauthenticated} if the request has no caller
     */
    public static Caller of(RoutingContext ctx) {
        Caller caller = ctx.get(KEY);
        if (caller == null) {
            throw Problem.of(Code.UNAUTHENTICATED, "a token is required").toException();
        }
        return caller;
    }

    public void attachTo(RoutingContext ctx) {
        ctx.put(KEY, this);
    }

    /**
     * Returns how long data can still be sent so that it arrives before the token expires, allowing 100 ms for
     * delivery. Returns zero if that time has passed.
     */
    public Duration timeLeft(Clock clock) {
        Duration left = Duration.between(clock.instant(), expires).minus(DELIVERY_TIME);
        return left.isNegative() ? Duration.ZERO : left;
    }

    public boolean mayPublish(Topic topic) {
        return publish.stream().anyMatch(pattern -> pattern.matches(topic));
    }
}
