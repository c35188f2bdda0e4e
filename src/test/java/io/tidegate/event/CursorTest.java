package io.tidegate.event;

import static io.tidegate.event.Refusals.assertRefused;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidegate.problem.Code;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CursorTest {

    @ParameterizedTest
    @ValueSource(strings = {"a-0", "k3f9x0q2m1-42", "Z9-9223372036854775807", "abcdefghijklmnopqrstuvwxyz012345-1"})
    void whatIsPrintedIsReadBack(String text) {
        assertEquals(text, Cursor.parse(text).toString());
    }

    @Test
    void leadingZerosDoNotMakeAnotherPosition() {
        assertEquals(new Cursor("a", 7), Cursor.parse("a-0000000000000000007"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "-",
                "a",
                "a-",
                "-1",
                "a--1",
                "a-+1",
                "a-1 ",
                " a-1",
                "a-1-2",
                "a-x",
                "a-1.0",
                "a-١",
                "ä-1",
                "a_b-1",
                "a:b-1",
                "a-9223372036854775808",
                "a-99999999999999999999",
                "a-00000000000000000001",
                "abcdefghijklmnopqrstuvwxyz0123456-1",
                "a-1\r",
                "a-1\n",
                "a\n-1",
                "a-\u0000",
                "*"
            })
    void garbageIsRefused(String text) {
        assertRefused(Code.INVALID_CURSOR, () -> Cursor.parse(text));
    }

    @Test
    void aMegabyteOfGarbageIsRefused() {
        assertRefused(Code.INVALID_CURSOR, () -> Cursor.parse("9".repeat(1 << 20)));
        assertRefused(Code.INVALID_CURSOR, () -> Cursor.parse("a-" + "9".repeat(1 << 20)));
    }

    @Test
    void thereIsNoNegativeOffsetAndNoEmptyEpoch() {
        assertRefused(Code.INVALID_CURSOR, () -> new Cursor("a", -1));
        assertRefused(Code.INVALID_CURSOR, () -> new Cursor("", 1));
        assertRefused(Code.INVALID_CURSOR, () -> new Cursor("a-b", 1));
    }

    @Test
    void positionsOfOneEpochHaveAnOrder() {
        Cursor first = new Cursor("a", 1);
        assertTrue(first.compareTo(first.at(2)) < 0);
        assertEquals(0, first.compareTo(Cursor.parse("a-1")));
        assertThrows(IllegalArgumentException.class, () -> first.compareTo(new Cursor("b", 1)));
    }

    @Test
    void theLongestIsShortEnoughForAnId() {
        String longest = new Cursor("x".repeat(32), Long.MAX_VALUE).toString();
        assertTrue(longest.length() <= 128);
        assertTrue(longest.matches("[A-Za-z0-9.-]+"));
    }
}
