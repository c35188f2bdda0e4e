package io.tidegate.event;

import io.tidegate.problem.Code;
import io.tidegate.problem.Problem;
import io.tidegate.problem.ProblemException;

/**
 * A position in the journal, written as {@code epoch-offset}. It is used as the SSE {@code id}, as the
 * {@code Last-Event-ID} and as the parameter {@code since}. An epoch identifies one unbroken history. Its first event
 * has offset 1; offset 0 is the position before that event.
 */
public record Cursor(String epoch, long offset) implements Comparable<Cursor> {

    private static final int MAX_EPOCH = 32;

    public Cursor {
        if (epoch.isEmpty()
                || epoch.length() > MAX_EPOCH
                || !epoch.chars().allMatch(Cursor::letterOrDigit)
                || offset < 0) {
            throw refusal();
        }
    }

    /**
     * Parses a cursor in its text form.
     *
     * @throws ProblemException with the code {@code invalid-cursor} if the text is not a cursor
     */
    public static Cursor parse(String text) {
        int dash = text.indexOf('-');
        // 19 digits are enough for every long; longer numbers are refused before they are parsed.
        if (dash < 1 || dash > MAX_EPOCH || text.length() - dash < 2 || text.length() - dash > 20) {
            throw refusal();
        }
        try {
            String digits = text.substring(dash + 1);
            if (!digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
                throw refusal();
            }
            return new Cursor(text.substring(0, dash), Long.parseLong(digits));
        } catch (NumberFormatException tooLarge) {
            throw refusal();
        }
    }

    public Cursor at(long newOffset) {
        return new Cursor(epoch, newOffset);
    }

    /**
     * Compares positions of the same epoch. Positions of different epochs have no order.
     *
     * @throws IllegalArgumentException if the epochs differ
     */
    @Override
    public int compareTo(Cursor other) {
        if (!epoch.equals(other.epoch)) {
            throw new IllegalArgumentException("cursors of different epochs have no order");
        }
        return Long.compare(offset, other.offset);
    }

    @Override
    public String toString() {
        return epoch + '-' + offset;
    }

    private static boolean letterOrDigit(int c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9';
    }

    private static ProblemException refusal() {
        return Problem.of(Code.INVALID_CURSOR, "a cursor must have the form epoch-offset")
                .toException();
    }
}
