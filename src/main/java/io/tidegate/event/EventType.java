package io.tidegate.event;

import io.tidegate.problem.Code;
import io.tidegate.problem.Problem;
import io.tidegate.problem.ProblemException;

/**
 * The type of an event, which is also its SSE {@code event:} name, such as {@code session_created} or
 * {@code item.updated}: 1 to 128 of the characters {@code A-Z a-z 0-9 . _ : -}. The prefix {@code gateway.} is reserved
 * for the gateway's control events.
 */
public record EventType(String name) {

    private static final int MAX_LENGTH = 128;
    private static final String RESERVED = "gateway.";

    /**
     * Checks the name.
     *
     * @throws ProblemException with the code {@code invalid-type} if the type is invalid
     */
    public EventType {
        check(name, "");
        if (name.startsWith(RESERVED)) {
            throw refusal("an event type must not begin with " + RESERVED + ", which is reserved");
        }
    }

    @Override
    public String toString() {
        return name;
    }

    private static void check(String text, String extra) {
        if (text.isEmpty() || text.length() > MAX_LENGTH) {
            throw refusal("an event type must have 1 to " + MAX_LENGTH + " characters");
        }
        if (!text.chars().allMatch(c -> allowed(c) || extra.indexOf(c) >= 0)) {
            throw refusal("an event type must contain only the characters A-Z a-z 0-9 . _ : -");
        }
    }

    private static boolean allowed(int c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || "._:-".indexOf(c) >= 0;
    }

    private static ProblemException refusal(String detail) {
        return Problem.of(Code.INVALID_TYPE, detail).toException();
    }

    /** An event type, or a prefix of one followed by {@code *}, such as {@code item.*}. */
    public record Pattern(String text) {

        /**
         * Checks the pattern.
         *
         * @throws ProblemException with the code {@code invalid-type} if the pattern is invalid
         */
        public Pattern {
            check(text, "*");
            if (text.indexOf('*') >= 0 && text.indexOf('*') != text.length() - 1) {
                throw refusal("in a pattern of types, * must be at the end");
            }
        }

        public boolean matches(EventType type) {
            int prefix = text.length() - 1;
            return text.charAt(prefix) == '*' ? type.name.regionMatches(0, text, 0, prefix) : type.name.equals(text);
        }
    }
}
