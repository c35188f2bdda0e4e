package io.tidegate.event;

import static io.tidegate.event.Refusals.assertRefused;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidegate.problem.Code;
import java.util.Collections;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TopicTest {

    @ParameterizedTest
    @ValueSource(strings = {"a", "sessions", "deploys/42", "a/b.c/d_e/f~g/h:i/j@k/l-m", "...", "A/9"})
    void aPlainNameIsATopic(String name) {
        assertEquals(name, new Topic(name).toString());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "", "/", "/a", "a/", "a//b", ".", "..", "a/../b", "./a", "a b", "a*", "*", "**", "a/**", "ä", "a%2f",
                "a?b", "a#b", "a\\b", "a,b", "a\r", "a\nb", "\u0000", "a\u007f", "a\u0085", "a\u2028", "a\ud800"
            })
    void anythingElseIsRefused(String name) {
        assertRefused(Code.INVALID_TOPIC, () -> new Topic(name));
    }

    @Test
    void lengthsAreBounded() {
        String segment = "x".repeat(128);
        assertEquals(128, new Topic(segment).name().length());
        assertRefused(Code.INVALID_TOPIC, () -> new Topic(segment + "x"));

        String longest = segment + "/" + "y".repeat(126);
        assertEquals(255, new Topic(longest).name().length());
        assertRefused(Code.INVALID_TOPIC, () -> new Topic(longest + "y"));

        String deepest = String.join("/", Collections.nCopies(16, "z"));
        assertEquals(deepest, new Topic(deepest).name());
        assertRefused(Code.INVALID_TOPIC, () -> new Topic(deepest + "/z"));
    }

    @ParameterizedTest
    @CsvSource({
        "sessions, SESSIONS",
        "sessions/a, SESSIONS",
        "deploys/42/logs, DEPLOYS",
        "instances, INSTANCES",
        "items, ITEMS",
        "session, OTHER",
        "sessionsx, OTHER",
        "x/sessions, OTHER",
        "Sessions, OTHER",
        "other, OTHER",
        "server, OTHER"
    })
    void theFirstSegmentTellsTheKind(String name, Kind kind) {
        assertEquals(kind, new Topic(name).kind());
    }

    @ParameterizedTest
    @CsvSource({
        "**, a",
        "**, a/b/c",
        "a, a",
        "a/b, a/b",
        "*, a",
        "a/*, a/b",
        "*/b, a/b",
        "a/*/c, a/b/c",
        "*/*, a/b",
        "a/**, a",
        "a/**, a/b",
        "a/**, a/b/c",
        "*/**, a",
        "*/**, a/b",
        "a/*/**, a/b"
    })
    void aPatternMatches(String pattern, String topic) {
        assertTrue(new TopicPattern(pattern).matches(new Topic(topic)));
    }

    @ParameterizedTest
    @CsvSource({
        "a, b",
        "a, a/b",
        "a/b, a",
        "a, aa",
        "aa, a",
        "*, a/b",
        "a/*, a",
        "a/*, a/b/c",
        "a/*, b/b",
        "a/**, ab",
        "a/**, b",
        "a/**, ab/c",
        "a/*/**, a",
        "a/b/**, a/c",
        "*/b, a/c",
        "ab/**, a"
    })
    void aPatternDoesNotMatch(String pattern, String topic) {
        assertFalse(new TopicPattern(pattern).matches(new Topic(topic)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a*", "**/a", "a/**/b", "***", "a/", "*.*", "a/..", "a\n", "a\u0000/*"})
    void aWildcardStandsForWholeSegmentsAndTheRestOnlyAtTheEnd(String pattern) {
        assertRefused(Code.INVALID_TOPIC, () -> new TopicPattern(pattern));
    }

    @Test
    void aPatternKnowsWhetherItIsOneTopic() {
        assertTrue(TopicPattern.of(new Topic("a/b")).exact());
        assertFalse(new TopicPattern("a/*").exact());
        assertEquals("a/**", new TopicPattern("a/**").toString());
    }
}
