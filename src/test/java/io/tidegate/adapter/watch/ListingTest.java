package io.tidegate.adapter.watch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.tidegate.event.Kind;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests which bodies are accepted as a list, and which are refused. */
class ListingTest {

    private static String read(Kind kind, String key, String list, String body) {
        Watch watch = new Watch(
                kind,
                "/",
                "/list",
                Duration.ofSeconds(1),
                key,
                list,
                Duration.ofSeconds(1),
                1 << 20,
                Map.of(),
                List.of(),
                false);
        return new Listing(watch, 2).read(body.getBytes(StandardCharsets.UTF_8)).toString();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "| [{\"id\":\"a\"}]",
                "$ | [{\"id\":\"a\"}]",
                "| {\"n\":1,\"sessions\":[{\"id\":\"a\"}],\"next\":null}",
                "$.sessions | {\"other\":[{\"id\":\"b\"}],\"sessions\":[{\"id\":\"a\"}]}",
                "$.data.list | {\"list\":[],\"data\":{\"x\":{\"list\":1},\"list\":[{\"id\":\"a\"}]}}"
            })
    void theListIsFoundWhereItIs(String list, String body) {
        assertEquals("{a={\"id\":\"a\"}}", read(Kind.SESSIONS, "", list == null ? "" : list, body));
    }

    @Test
    void aKeyOfAnotherNameIsAddedUnderTheKindsOwn() {
        assertEquals("{7={\"sku\":7,\"part_number\":\"7\"}}", read(Kind.ITEMS, "sku", "", "[{\"sku\":7}]"));
        assertEquals("{7={\"id\":7}}", read(Kind.INSTANCES, "id", "", "[{\"id\":7}]"));
    }

    @Test
    void anEmptyListIsAList() {
        assertEquals("{}", read(Kind.SESSIONS, "", "", "[]"));
        assertEquals("{}", read(Kind.SESSIONS, "", "$.a", "{\"a\":[]}"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "1",
                "{}",
                "{\"a\":[],\"b\":[]}",
                "[1]",
                "[[]]",
                "[{}]",
                "[{\"id\":null}]",
                "[{\"id\":\"\"}]",
                "[{\"id\":[1]}]",
                "[{\"id\":\"a\"},{\"id\":\"a\"}]",
                "[{\"id\":\"a\"},{\"id\":\"b\"},{\"id\":\"c\"}]",
                "[{\"id\":\"a\",\"id\":\"b\"}]",
                "[{\"id\":\"a\"}",
                "[{\"id\":\"a\"}] []",
                "[{\"id\":\"a\\u0000\"}]"
            })
    void whateverIsNotClearlyAListIsRefused(String body) {
        assertThrows(IllegalArgumentException.class, () -> read(Kind.SESSIONS, "", "", body));
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"b\":[]}", "{\"a\":{}}", "{\"a\":null}", "[]", "{\"x\":{\"a\":[]}}"})
    void aListThatIsNotWhereItWasIsRefused(String body) {
        assertThrows(IllegalArgumentException.class, () -> read(Kind.SESSIONS, "", "$.a", body));
    }

    @Test
    void theKeyOfADeployHasToFitItsTopic() {
        assertThrows(IllegalArgumentException.class, () -> read(Kind.DEPLOYS, "", "", "[{\"id\":\"a b\"}]"));
    }
}
