package io.tidegate.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tidegate.edge.limit.LimitOptions;
import io.tidegate.edge.limit.Limiter;
import io.tidegate.edge.limit.Limits;
import io.tidegate.fixture.Fuzz;
import io.vertx.core.internal.net.RFC3986;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Provide;

/**
 * Tests that Vert.x normalises every spelling of a plain target to the same path. Routes and exemptions depend on this.
 */
class RequestTargetFuzzTest {

    private static final Limiter LIMITER =
            Limits.of(LimitOptions.DEFAULTS, new SimpleMeterRegistry()).limiter();
    private static final List<String> EXEMPT = LimitOptions.DEFAULTS.requests().exempt();

    /** A path and one of its spellings. */
    private record Spelling(String path, String spelled) {}

    @Fuzz
    void everySpellingOfAPathIsThatPath(@ForAll("spellings") Spelling one) {
        assertTrue(RequestTarget.isPlain(one.spelled()));
        assertEquals(one.path(), RFC3986.normalizePath(one.spelled()));
    }

    @Fuzz
    void whatIsExemptIsToldBySegmentsOfThePathHoweverItIsSpelled(@ForAll("spellings") Spelling one) {
        List<String> segments = segments(one.path());
        boolean exempt = EXEMPT.stream()
                .map(prefix -> segments(prefix.replaceFirst("/$", "")))
                .anyMatch(prefix -> segments.size() >= prefix.size()
                        && segments.subList(0, prefix.size()).equals(prefix));
        assertEquals(exempt, LIMITER.exempt(RFC3986.normalizePath(one.spelled())), one.spelled());
    }

    @Fuzz
    void aDotSegmentAndASeparatorThatIsEscapedAreRefusedHoweverTheyAreSpelled(
            @ForAll("spellings") Spelling before,
            @ForAll("ambiguities") String between,
            @ForAll("spellings") Spelling after) {
        assertFalse(RequestTarget.isPlain(before.spelled() + between + after.spelled()));
    }

    @Fuzz
    void whatPassesIsNormalisedOnceAndForAll(@ForAll("targets") String target) {
        if (RequestTarget.isPlain(target)) {
            String path = RFC3986.normalizePath(target.replaceFirst("\\?.*", ""));
            assertEquals(path, RFC3986.normalizePath(path));
            assertTrue(RequestTarget.isPlain(path), path);
            assertEquals(
                    segments(target.replaceFirst("\\?.*", "")).size(),
                    segments(path).size());
            assertTrue(segments(path).stream().noneMatch(segment -> segment.matches("\\.\\.?")), path);
            assertFalse(path.toLowerCase(Locale.ROOT).matches(".*(//|%2f|%5c|%00|%2e).*"), path);
        }
    }

    private static List<String> segments(String path) {
        return Arrays.asList(path.substring(1).split("/", -1));
    }

    @Provide
    Arbitrary<Spelling> spellings() {
        Arbitrary<String> segment = Arbitraries.oneOf(
                Arbitraries.of("api", "sse", "events", "ws", "health", "ready", "wsx", "a..b", "..."),
                Arbitraries.strings()
                        .alpha()
                        .numeric()
                        .withChars("-_~")
                        .ofMinLength(1)
                        .ofMaxLength(6));
        Arbitrary<String> path = segment.list().ofMinSize(1).ofMaxSize(4).map(parts -> "/" + String.join("/", parts));
        return Combinators.combine(
                        path, Arbitraries.integers().between(0, 2).list().ofSize(40))
                .as((plain, how) -> new Spelling(plain, spelled(plain, how)))
                .withoutEdgeCases();
    }

    /**
     * Returns a spelling of a path: each character except slashes is left unchanged or escaped, in lower or upper case.
     */
    private static String spelled(String path, List<Integer> how) {
        StringBuilder spelled = new StringBuilder();
        for (int i = 0; i < path.length(); i++) {
            int way = path.charAt(i) == '/' ? 0 : how.get(i);
            spelled.append(
                    way == 0
                            ? path.substring(i, i + 1)
                            : String.format(way == 1 ? "%%%02x" : "%%%02X", (int) path.charAt(i)));
        }
        return spelled.toString();
    }

    @Provide
    Arbitrary<String> ambiguities() {
        Arbitrary<String> dot = Arbitraries.of(".", "%2e", "%2E", "%252e", "%25252E");
        Arbitrary<String> dots = dot.list().ofMinSize(1).ofMaxSize(2).map(all -> "/" + String.join("", all));
        Arbitrary<String> parameters = Arbitraries.of("", ";", ";a=b", "%3b", "%253B");
        Arbitrary<String> segment = Combinators.combine(dots, parameters).as(String::concat);
        return Arbitraries.oneOf(
                segment,
                Arbitraries.of("%2f", "%2F", "%252f", "%5c", "\\", "%00", "%2500", "/", "%c0%af", "%e0%80%af", "%"));
    }

    @Provide
    Arbitrary<String> targets() {
        return Arbitraries.of(
                        "/", "/", "/", "a", "API", ".", "..", "%2e", "%2E", "%252e", "%41", "%7e", "%2d", "%2f",
                        "%252F", "%5c", ";", "%3b", "%00", "%", "%25", "%c3%a9", "%20", "%2561", "~", "+", "?", "*",
                        ":", "@")
                .list()
                .ofMaxSize(10)
                .map(parts -> parts.stream().collect(Collectors.joining("", "/", "")));
    }
}
