package io.tidegate.edge.limit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tidegate.edge.limit.Limiter.Purpose;
import io.tidegate.meter.TakenCounts;
import io.tidegate.problem.Code;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LimiterTest {

    private static final Rate SLOW = new Rate(60, 3);

    private final AtomicLong nanos = new AtomicLong(-5);
    private final MeterRegistry registry = new SimpleMeterRegistry();
    private final LimitMetrics metrics = new LimitMetrics(registry);
    private final TakenCounts outcomes = new TakenCounts(registry, "limit.requests", "outcome");
    private final TakenCounts refusedStreams = new TakenCounts(registry, "limit.streams.refused", "limit");
    private final Limiter limiter = limiter(10_000);

    @Test
    void aBurstPassesAndThenOneAtATime() {
        assertEquals(3, passed("ada", 10));
        Refused refused = limiter.request("/a", Purpose.OTHER, "ada").orElseThrow();
        assertEquals(Code.RATE_LIMITED, refused.problem().code());
        assertEquals(1, refused.problem().retryAfterSeconds());
        assertEquals("\"requests\";q=60;w=60", refused.policyField());
        assertEquals("\"requests\";r=0;t=1", refused.limitField());
        advance(Duration.ofSeconds(1));
        assertEquals(1, passed("ada", 10));
        advance(Duration.ofHours(1));
        assertEquals(3, passed("ada", 10));
    }

    @Test
    void oneClientCostsAnotherNothing() {
        assertEquals(3, passed("ada", 10));
        assertEquals(3, passed("grace", 10));
    }

    @Test
    void publishersHaveACountOfTheirOwn() {
        assertEquals(3, passed("ada", 10));
        for (int i = 0; i < 500; i++) {
            assertTrue(limiter.request("/api/events", Purpose.PUBLISHING, "ada").isEmpty());
        }
        assertFalse(limiter.request("/api/events", Purpose.OTHER, "ada").isEmpty());
    }

    @Test
    void requestsToOriginsHaveACountOfTheirOwn() {
        assertEquals(3, passed("ada", 10));
        for (int i = 0; i < 5; i++) {
            assertTrue(limiter.request("/a", Purpose.ORIGIN, "ada").isEmpty());
        }
        assertEquals(
                "\"origins\";q=60;w=60",
                limiter.request("/a", Purpose.ORIGIN, "ada").orElseThrow().policyField());
    }

    @Test
    void aPageWithHundredsOfFilesMeetsNoLimitByDefault() {
        Limiter standard = new Limiter(LimitOptions.DEFAULTS, metrics, nanos::get);
        for (int i = 0; i < 2_000; i++) {
            assertTrue(standard.request("/a", Purpose.ORIGIN, "browser").isEmpty(), "request " + i);
        }
    }

    @Test
    void publishersOf2000EventsASecondMeetNoLimitByDefault() {
        Limiter standard = new Limiter(LimitOptions.DEFAULTS, metrics, nanos::get);
        for (int i = 0; i < 200_000; i++) {
            assertTrue(
                    standard.request("/api/events", Purpose.PUBLISHING, "service")
                            .isEmpty(),
                    "request " + i);
            advance(Duration.ofNanos(500_000));
        }
    }

    @Test
    void theLongestRuleCountsAndOnItsOwn() {
        assertEquals(3, passed("ada", 5));
        assertEquals(1, passed("/shop/cart", "ada", 5));
        assertEquals(2, passed("/shop/img/1.png", "ada", 5));
        assertEquals(0, passed("/shopping", "ada", 5));
        assertEquals(
                "\"/shop/\";q=1;w=60",
                limiter.request("/shop", Purpose.PUBLISHING, "ada")
                        .orElseThrow()
                        .policyField());
    }

    @ParameterizedTest
    @ValueSource(strings = {"/ws", "/ws/", "/ws/chat", "/health", "/health/"})
    void whatIsExemptIsCounted(String path) {
        assertTrue(limiter.exempt(path));
        assertEquals(Map.of("exempt", 1), outcomes.all());
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/wsx", "/WS/chat", "/healthz", "/a/ws/", "/w", ""})
    void whatOnlyLooksExemptIsNot(String path) {
        assertFalse(limiter.exempt(path));
        assertEquals(Map.of(), outcomes.all());
    }

    @Test
    void everyRequestIsCountedAsWhatItBecame() {
        passed("ada", 4);
        assertEquals(Map.of("passed", 3, "refused", 1), outcomes.all());
    }

    @Test
    void attemptsAtStreamsAreCountedApart() {
        assertEquals(3, passed("ada", 10));
        assertTrue(limiter.attempt("ada").isEmpty());
        assertTrue(limiter.attempt("ada").isEmpty());
        assertEquals(30, limiter.attempt("ada").orElseThrow().seconds());
        assertEquals(Map.of("attempts", 1), refusedStreams.all());
    }

    @Test
    void whoMakesThousandsOfOthersKnownWinsNoNewBurst() {
        Limiter small = limiter(100);
        assertEquals(3, passed(small, "attacker", 10));
        IntStream.range(0, 5_000).forEach(i -> small.request("/a", Purpose.OTHER, "address " + i));
        advance(Duration.ofMillis(900));
        IntStream.range(0, 5_000).forEach(i -> small.request("/a", Purpose.OTHER, "address " + i));
        assertEquals(0, passed(small, "attacker", 10));
    }

    @Test
    void theSameOptionsForgetNothingAndOthersBeginAnew() {
        assertEquals(3, passed("ada", 10));
        limiter.reconfigure(options(10_000));
        assertEquals(0, passed("ada", 10));
        limiter.reconfigure(LimitOptions.DEFAULTS);
        assertEquals(100, passed("ada", 200));
    }

    @Test
    void rulesThatCannotWorkAreRefusedWithTheirKey() {
        assertEquals(
                "exempt[1] must be a plain path such as /app, without escapes and dot segments",
                refusal(() -> requests(List.of(), List.of("/ok", "/a/../b"))));
        assertEquals(
                "rules[1].prefix must differ from that of every other rule",
                refusal(() -> requests(List.of(new RateRule("/a", 1, 1), new RateRule("/a/", 2, 2)), List.of())));
        assertEquals("burst must be greater than 0", refusal(() -> new RateRule("/a", 1, 0)));
    }

    private static String refusal(Executable made) {
        return String.valueOf(assertThrows(IllegalArgumentException.class, made).getMessage());
    }

    private static RequestLimits requests(List<RateRule> rules, List<String> exempt) {
        return new RequestLimits(SLOW, new Rate(60_000, 1_000), SLOW, rules, exempt, 10);
    }

    private int passed(String client, int times) {
        return passed(limiter, client, times);
    }

    private int passed(String path, String client, int times) {
        return (int) IntStream.range(0, times)
                .filter(i -> limiter.request(path, Purpose.OTHER, client).isEmpty())
                .count();
    }

    private static int passed(Limiter limiter, String client, int times) {
        return (int) IntStream.range(0, times)
                .filter(i -> limiter.request("/a", Purpose.OTHER, client).isEmpty())
                .count();
    }

    private void advance(Duration by) {
        nanos.addAndGet(by.toNanos());
    }

    private static LimitOptions options(int clients) {
        return new LimitOptions(
                new RequestLimits(
                        SLOW,
                        new Rate(60_000, 1_000),
                        new Rate(60, 5),
                        List.of(new RateRule("/shop/", 1, 1), new RateRule("/shop/img", 1, 2)),
                        List.of("/ws/", "/health"),
                        clients),
                new StreamLimits(10, 10, 10, new Rate(2, 2)));
    }

    private Limiter limiter(int clients) {
        return new Limiter(options(clients), metrics, nanos::get);
    }
}
