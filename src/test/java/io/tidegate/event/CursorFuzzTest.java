package io.tidegate.event;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.tidegate.fixture.Fuzz;
import io.tidegate.problem.Code;
import io.tidegate.problem.ProblemException;
import java.math.BigInteger;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Provide;

class CursorFuzzTest {

    private static final BigInteger MAX_OFFSET = BigInteger.valueOf(Long.MAX_VALUE);

    @Fuzz
    void aCursorReadsBackAsItself(@ForAll("cursors") Cursor cursor) {
        assertEquals(cursor, Cursor.parse(cursor.toString()));
    }

    @Fuzz
    void anyOtherTextIsRefusedAsOne(@ForAll("texts") String text) {
        boolean form = text.matches("[A-Za-z0-9]{1,32}-[0-9]{1,19}");
        int dash = text.indexOf('-');
        if (form && new BigInteger(text.substring(dash + 1)).compareTo(MAX_OFFSET) <= 0) {
            Cursor expected = new Cursor(text.substring(0, dash), Long.parseLong(text.substring(dash + 1)));
            assertEquals(expected, Cursor.parse(text));
        } else {
            ProblemException refused = assertThrows(ProblemException.class, () -> Cursor.parse(text));
            assertEquals(Code.INVALID_CURSOR, refused.problem().code());
        }
    }

    @Provide
    Arbitrary<Cursor> cursors() {
        return Combinators.combine(
                        Arbitraries.strings().alpha().numeric().ofMinLength(1).ofMaxLength(32),
                        Arbitraries.longs().greaterOrEqual(0))
                .as(Cursor::new);
    }

    @Provide
    Arbitrary<String> texts() {
        Arbitrary<String> near = Combinators.combine(
                        Arbitraries.strings().withChars("aZ09-_ \u0660").ofMaxLength(34),
                        Arbitraries.of("-", "-", "-", "", "--", "-+", "\u2010"),
                        Arbitraries.strings().withChars("0123456789").ofMaxLength(21),
                        Arbitraries.of("", "", "", "", "\u0661", "a", "-", "\n", "\0"))
                .as((epoch, dash, digits, end) -> epoch + dash + digits + end);
        return Arbitraries.oneOf(near, Arbitraries.strings().ofMaxLength(60));
    }
}
