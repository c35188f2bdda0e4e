package io.tidegate.event;

import static io.tidegate.event.Refusals.assertRefused;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidegate.problem.Code;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EventTypeTest {

    @ParameterizedTest
    @ValueSource(strings = {"x", "session_created", "item.updated", "a:b-C.9", "gateway", "gatewayx.y", "Gateway.x"})
    void aPlainNameIsAType(String name) {
        assertEquals(name, new EventType(name).toString());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "a b",
                "a*",
                "*",
                "a/b",
                "ü",
                "a\r",
                "a\n",
                "a\r\nid: 7",
                "\u0000",
                "a\u0000",
                "a\u007f",
                "a\u2028",
                "gateway.",
                "gateway.resume"
            })
    void anythingElseIsRefused(String name) {
        assertRefused(Code.INVALID_TYPE, () -> new EventType(name));
    }

    @Test
    void theLengthIsBounded() {
        assertEquals(128, new EventType("x".repeat(128)).name().length());
        assertRefused(Code.INVALID_TYPE, () -> new EventType("x".repeat(129)));
    }

    @Test
    void aPatternIsATypeOrItsBeginning() {
        EventType updated = new EventType("item.updated");
        assertTrue(new EventType.Pattern("item.updated").matches(updated));
        assertTrue(new EventType.Pattern("item.*").matches(updated));
        assertTrue(new EventType.Pattern("item.updated*").matches(updated));
        assertTrue(new EventType.Pattern("*").matches(updated));
        assertFalse(new EventType.Pattern("item.updated.*").matches(updated));
        assertFalse(new EventType.Pattern("item").matches(updated));
        assertFalse(new EventType.Pattern("items.*").matches(updated));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "*a", "a*b", "**", "a b*", "a\n*"})
    void aWildcardStandsAtTheEndOnly(String pattern) {
        assertRefused(Code.INVALID_TYPE, () -> new EventType.Pattern(pattern));
    }
}
