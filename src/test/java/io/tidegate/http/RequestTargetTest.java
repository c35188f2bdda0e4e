package io.tidegate.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RequestTargetTest {

    /** The parts of ambiguous paths. */
    private static final List<String> PARTS = List.of(
            "/",
            "/",
            "/",
            "a",
            "api",
            "health",
            ".",
            "..",
            "%2e",
            "%2E",
            "%252e",
            "%2f",
            "%2F",
            "%252f",
            "%5c",
            "\\",
            "//",
            ";",
            ";a=b",
            "%3b",
            "%00",
            "%",
            "%2",
            "%zz",
            "%c0%af",
            "%c0%ae",
            "%e0%80%af",
            "%c3%a9",
            "%20",
            "~",
            "?",
            "#",
            "\u00e9",
            "*",
            "http://b");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/",
                "/api/events",
                "/api/events/",
                "/a.b/..c/d..",
                "/...",
                "/caf%C3%A9",
                "/a%20b",
                "/a;v=1/b",
                "/a%25b",
                "/api/events?topics=a%2Fb&next=//x/../y",
                "/~user/*",
                "/a%e9"
            })
    void aPlainTargetPasses(String target) {
        assertTrue(RequestTarget.isPlain(target));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "*",
                "api/events",
                "http://a/api/events",
                "a:443",
                "/..",
                "/../a",
                "/a/..",
                "/a/.",
                "/./a",
                "/a/../b",
                "/%2e%2e/a",
                "/%2E./a",
                "/.%2e",
                "/%252e%252e/a",
                "/%25252e/a",
                "/..;/a",
                "/.;x=y/a",
                "/%2e%2e;/a",
                "//a",
                "/a//b",
                "/a/;/b",
                "/;a/b",
                "/a%2fb",
                "/a%2Fb",
                "/a%252fb",
                "/a%5cb",
                "/a\\b",
                "/a%00",
                "/a%2500",
                "/a%",
                "/a%2",
                "/a%zz",
                "/a%u002fb",
                "/a#b",
                "/a?b#c",
                "/a b",
                "/a\u0000b",
                "/a?b\u0001",
                "/a\u007f",
                "/caf\u00e9",
                "/a%c0%afb",
                "/%c0%ae%c0%ae/a",
                "/a%e0%80%afb",
                "/a%f0%80%80%afb",
                "/a%c1%9cb"
            })
    void whatCanBeReadAsAnotherPathDoesNot(String target) {
        assertFalse(RequestTarget.isPlain(target));
    }

    /** Checks the definition in the class comment against random targets that are likely to violate it. */
    @Test
    void whateverAReaderDoesWithAPlainPathItsSegmentsStay() {
        Random random = new Random(7);
        int plainTargets = 0;
        for (int i = 0; i < 300_000; i++) {
            StringBuilder made = new StringBuilder("/");
            for (int parts = random.nextInt(7); parts >= 0; parts--) {
                made.append(PARTS.get(random.nextInt(PARTS.size())));
            }
            String target = made.toString();
            if (RequestTarget.isPlain(target)) {
                plainTargets++;
                assertMeansOne(target);
            }
        }
        assertTrue(plainTargets > 10_000, "few targets were plain: " + plainTargets);
    }

    private static void assertMeansOne(String target) {
        String path = target.replaceFirst("\\?.*", "");
        List<String> once =
                segments(path).stream().map(RequestTargetTest::decoded).toList();
        assertEquals(once, segments(decoded(path)), () -> "decoded before it was split: " + target);
        List<String> twice =
                once.stream().map(RequestTargetTest::decodedLeniently).toList();
        assertEquals(
                twice,
                segments(decodedLeniently(decodedLeniently(path))),
                () -> "decoded twice before it was split: " + target);
        assertEquals(once, resolved(once), () -> "dots resolved: " + target);
        assertEquals(twice, resolved(twice), () -> "dots resolved after the second time: " + target);
        List<String> bare = once.stream().map(s -> s.replaceFirst(";.*", "")).toList();
        assertEquals(bare, resolved(bare), () -> "parameters dropped: " + target);
        assertTrue(once.stream().noneMatch(s -> s.indexOf('\0') >= 0 || s.indexOf('\\') >= 0), target);
    }

    private static List<String> segments(String path) {
        return Arrays.asList(path.substring(1).split("/", -1));
    }

    /**
     * Removes dot segments (<a href="https://www.rfc-editor.org/rfc/rfc3986#section-5.2.4">RFC 3986, 5.2.4</a>) and
     * merges slashes.
     */
    private static List<String> resolved(List<String> segments) {
        Deque<String> kept = new ArrayDeque<>();
        for (int i = 0; i < segments.size(); i++) {
            String segment = segments.get(i);
            if (segment.equals("..")) {
                kept.pollLast();
            } else if (!segment.equals(".") && (!segment.isEmpty() || i == segments.size() - 1)) {
                kept.addLast(segment);
            }
        }
        return new ArrayList<>(kept);
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text.replace("+", "%2b"), StandardCharsets.ISO_8859_1);
    }

    /** Decodes escapes and leaves malformed ones unchanged, like most programs that decode a second time. */
    private static String decodedLeniently(String text) {
        return Pattern.compile("%[0-9A-Fa-f]{2}")
                .matcher(text)
                .replaceAll(escape -> Matcher.quoteReplacement(decoded(escape.group())));
    }
}
