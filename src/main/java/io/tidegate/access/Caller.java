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
 * Who a request comes from and what that allows.
 *
 * @param subject the token's {@code sub}; of an issuer other than the gateway itself, after its name and {@code |}; empty
 *     for whoever reads without a token
 * @param read topics the caller may read
 * @param publish topics the caller may publish to; empty for a viewer
 * @param expires when the token ends, and every stream with it
 */
public record Caller(String subject, Role role, List<TopicPattern> read, List<TopicPattern> publish, Instant expires) {

    private static final String KEY = Caller.class.getName();
    /** The end of a caller without a token: the year 9999, the last that the printed forms of a time can hold. */
    public static final Instant NEVER = Instant.ofEpochSecond(253_402_300_799L);

    private static final Duration ON_THE_WAY = Duration.ofMillis(100);

    public Caller {
        read = List.copyOf(read);
        publish = List.copyOf(publish);
    }

    /** Whoever it is that may read these topics without a token, which has no end. */
    public static Caller anonymous(List<TopicPattern> topics) {
        return new Caller("", Role.VIEWER, topics, List.of(), NEVER);
    }

    public boolean isAnonymous() {
        return subject.isEmpty();
    }

    /** The caller that the guard of this route let in. */
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

    /** How long what is sent now still arrives while the token is good; zero when that is over. */
    public Duration timeLeft(Clock clock) {
        Duration left = Duration.between(clock.instant(), expires).minus(ON_THE_WAY);
        return left.isNegative() ? Duration.ZERO : left;
    }

    public boolean mayPublish(Topic topic) {
        return publish.stream().anyMatch(pattern -> pattern.matches(topic));
    }
}
