package io.tidegate.adapter.tap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidegate.adapter.tap.Tap.Source;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests the configuration of taps. */
class TapOptionsTest {

    @ParameterizedTest
    @CsvSource({
        "on, GET /x, a, t, 2xx, ''",
        "on, POST x, a, t, 2xx, ''",
        "on, POST, a, t, 2xx, ''",
        "on, POST /x y, a, t, 2xx, ''",
        "on, POST /x//y, a, t, 2xx, ''",
        "on, POST /{}, a, t, 2xx, ''",
        "topic, POST /x, a b, t, 2xx, ''",
        "topic, POST /x, a/{id}, t, 2xx, ''",
        "type, POST /x, a, gateway.x, 2xx, ''",
        "type, POST /x, a, t t, 2xx, ''",
        "when, POST /x, a, t, 3xx, ''",
        "when, POST /x, a, t, '200,', ''",
        "key, POST /x, a, t, 2xx, {id}",
        "key, POST /x, a, t, 2xx, id",
        "key, POST /x, a, t, 2xx, $"
    })
    void whatCannotWorkIsRefusedWithItsKey(
            String blamed, String on, String topic, String type, String when, String key) {
        IllegalArgumentException refusal = assertThrows(
                IllegalArgumentException.class,
                () -> new Tap(on, topic, type, when, Source.RESPONSE, key, List.of(), 1024));
        assertTrue(String.valueOf(refusal.getMessage()).startsWith(blamed + " "), refusal::getMessage);
    }

    @Test
    void aMemberWithoutDataNeedsItsKeyInThePath() {
        IllegalArgumentException refusal = assertThrows(
                IllegalArgumentException.class,
                () -> new Tap("POST /x", "sessions", "session_updated", "2xx", Source.NONE, "", List.of(), 1024));
        assertTrue(String.valueOf(refusal.getMessage()).startsWith("key "), refusal::getMessage);
    }

    @Test
    void theKeyOfAKindIsItsOwnUnlessSaid() {
        assertEquals("$.part_number", new Tap("POST /x", "items", "item.created").key());
        assertEquals("", new Tap("POST /x", "news", "item.created").key());
    }

    @Test
    void aPatternHasPlainAndOpenSegments() {
        Pattern pattern = Pattern.of("DELETE /a/{x}/b/{y}");
        assertEquals(Optional.of(Map.of("x", "1", "y", "2 3")), pattern.match("DELETE", "/a/1/b/2%203"));
        assertEquals(Optional.of(Map.of("x", "a+b", "y", "%zz")), pattern.match("DELETE", "/a/a+b/b/%zz"));
        for (String path : List.of("/a/1/b", "/a/1/b/2/", "/a//b/2", "/a/1/c/2", "/A/1/b/2", "/")) {
            assertEquals(Optional.empty(), pattern.match("DELETE", path), path);
        }
        assertEquals(Optional.empty(), pattern.match("POST", "/a/1/b/2"));
    }

    @Test
    void aPatternFindsItsPathHoweverTheClientWritesIt() {
        Pattern pattern = Pattern.of("DELETE /a/{x}/b");
        for (String path : List.of("/%61/1/b", "/./a/1/b", "/c/../a/1/b", "/a/2/%2e%2e/1/%62")) {
            assertEquals(Optional.of(Map.of("x", "1")), pattern.match("DELETE", path), path);
        }
        assertEquals(Optional.of(Map.of("x", "@scope/name")), pattern.match("DELETE", "/a/@scope%2fname/b"));
    }

    @Test
    void anEscapedSlashMakesNoOtherTopic() {
        Map<String, String> names = Map.of("x", "1/2");
        assertThrows(IllegalArgumentException.class, () -> Pattern.fill("a/{x}", names, other -> other));
    }
}
