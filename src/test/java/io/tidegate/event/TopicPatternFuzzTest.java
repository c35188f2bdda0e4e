package io.tidegate.event;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidegate.fixture.Fuzz;
import io.tidegate.problem.Code;
import io.tidegate.problem.ProblemException;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Provide;
import net.jqwik.api.arbitraries.ListArbitrary;

class TopicPatternFuzzTest {

    @Fuzz
    void itMatchesWhatASimpleReadingOfItMatches(@ForAll("patterns") String pattern, @ForAll("topics") String topic) {
        assertEquals(
                covers(List.of(pattern.split("/")), List.of(topic.split("/"))),
                new TopicPattern(pattern).matches(new Topic(topic)),
                pattern + " and " + topic);
    }

    @Fuzz
    void aTopicMatchesItselfAndEverythingBelowItsBeginnings(@ForAll("topics") String name) {
        Topic topic = new Topic(name);
        assertTrue(TopicPattern.of(topic).matches(topic));
        assertTrue(TopicPattern.ALL.matches(topic));
        for (int i = name.indexOf('/'); i > 0; i = name.indexOf('/', i + 1)) {
            assertTrue(new TopicPattern(name.substring(0, i) + "/**").matches(topic));
        }
    }

    @Fuzz
    void anyTextIsATopicOfTheFormOrRefused(@ForAll("texts") String text) {
        String segment = "(?!\\.{1,2}(/|$))[A-Za-z0-9._~:@-]{1,128}";
        boolean form = text.matches("(?s)(?=.{1,255}$)" + segment + "(/" + segment + "){0,15}") && !text.endsWith("\n");
        assertEquals(form ? "topic" : Code.INVALID_TOPIC.toString(), codeOrTopic(() -> new Topic(text)));
        boolean wild = text.matches("(?s)(?=.{1,255}$)((" + segment + "|\\*)(/|$)){0,15}(" + segment + "|\\*\\*?)?")
                && !text.endsWith("/")
                && !text.endsWith("\n");
        assertEquals(wild ? "topic" : Code.INVALID_TOPIC.toString(), codeOrTopic(() -> new TopicPattern(text)));
    }

    private static String codeOrTopic(Runnable constructor) {
        try {
            constructor.run();
            return "topic";
        } catch (ProblemException refused) {
            return refused.problem().code().toString();
        }
    }

    private static boolean covers(List<String> pattern, List<String> topic) {
        if (pattern.isEmpty() || pattern.get(0).equals("**")) {
            return !pattern.isEmpty() || topic.isEmpty();
        }
        return !topic.isEmpty()
                && (pattern.get(0).equals("*") || pattern.get(0).equals(topic.get(0)))
                && covers(pattern.subList(1, pattern.size()), topic.subList(1, topic.size()));
    }

    @Provide
    Arbitrary<String> topics() {
        return segments("a", "b", "ab", "a.b", "~").ofMinSize(1).map(segments -> String.join("/", segments));
    }

    @Provide
    Arbitrary<String> patterns() {
        return Combinators.combine(segments("a", "b", "ab", "*", "*", "~"), Arbitraries.of("a", "*", "**", "**"))
                .as((segments, last) -> segments.isEmpty() ? last : String.join("/", segments) + "/" + last);
    }

    @Provide
    Arbitrary<String> texts() {
        Arbitrary<String> near = Arbitraries.of(
                        "a",
                        "sessions",
                        "/",
                        "/",
                        "/",
                        ".",
                        "..",
                        "*",
                        "**",
                        "-",
                        "@:~_",
                        "%2f",
                        "\n",
                        "\0",
                        "\u00e9",
                        "\\",
                        "a".repeat(100))
                .list()
                .ofMaxSize(40)
                .map(parts -> String.join("", parts));
        return Arbitraries.oneOf(near, Arbitraries.strings().ofMaxLength(300));
    }

    private static ListArbitrary<String> segments(String... of) {
        return Arbitraries.of(of).list().ofMaxSize(5);
    }
}
