package io.tidegate.auth;

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
 * @param subject the token's {@code sub}
 * @param read topics the caller may read
 * @param publish topics the caller may publish to; empty for a viewer
 * @param expires when the token ends, and every stream with it
 */
public record Caller(String subject, Role role, List<TopicPattern> read, List<TopicPattern> publish, Instant expires) {

    private static final String KEY = Caller.class.getName();
    private static final Duration ON_THE_WAY = Duration.ofMillis(100);

    public Caller {
        read = List.copyOf(read);
        publish = List.copyOf(publish);
    }

    /** The caller that the guard of this route let in. */
    public static Caller of(RoutingContext ctx) {
        Caller caller = ctx.get(KEY);
        if (caller == null) {
            throw Problem.of(Code.UNAUTHENTICATED, "a token is required").toException();
        }
        return caller;
    }

    void attachTo(RoutingContext ctx) {
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
