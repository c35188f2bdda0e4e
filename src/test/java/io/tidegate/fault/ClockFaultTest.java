package io.tidegate.fault;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tidegate.access.Role;
import io.tidegate.auth.token.AuthOptions;
import io.tidegate.auth.token.Tokens;
import io.tidegate.event.TopicPattern;
import io.tidegate.fault.FaultReader.Plan;
import io.tidegate.fixture.TestNode;
import io.tidegate.fixture.TestSettings;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests a node whose wall clock is set back. The node runs in this process with a clock that the test controls. */
class ClockFaultTest {

    @TempDir
    private Path folder;

    @Test
    void aClockThatIsSetBackLosesNothing() throws Exception {
        SplittableRandom random = Kit.random();
        AtomicLong offset = new AtomicLong();
        Clock clock = new ShiftedClock(offset);
        try (TestNode node = TestNode.start(TestSettings.in(folder).build(), clock);
                Scene scene = new Scene(node.port(), token(Role.VIEWER), token(Role.PUBLISHER))) {
            List<FaultReader> readers = scene.open(8, Plan.of(Scene.PATH));
            scene.publish(4, 800, 2, 20);
            int rounds = Kit.size("clocks", 6, 10);
            for (int round = 0; round < rounds; round++) {
                Kit.pause(300);
                offset.set(-random.nextLong(Duration.ofDays(1).toMillis()));
                FaultReader victim = readers.get(round % readers.size());
                scene.readers().on(victim::reset);
            }
            scene.finish("wall clock set back", "jumps=" + rounds);
            int refused = readers.stream().mapToInt(FaultReader::refused).sum();
            assertEquals(0, refused, "streams refused after a jump");
        }
    }

    /** Issues a token before the earliest time of the test, because a token from the future is refused. */
    private String token(Role role) {
        Clock longAgo = Clock.offset(Clock.systemUTC(), Duration.ofDays(-2));
        return Tokens.open(folder, AuthOptions.DEFAULTS, longAgo)
                .mint("reader", role, List.of(TopicPattern.ALL), Duration.ofDays(3));
    }

    private static final class ShiftedClock extends Clock {

        private final AtomicLong offset;

        ShiftedClock(AtomicLong offset) {
            this.offset = offset;
        }

        @Override
        public Instant instant() {
            return Instant.now().plusMillis(offset.get());
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }
}
