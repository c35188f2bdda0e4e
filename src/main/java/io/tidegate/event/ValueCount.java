package io.tidegate.event;

/** Counts the values of JSON without white space between tokens: each object, array, string, number and literal. */
final class ValueCount {

    private ValueCount() {}

    static boolean exceeds(String json, int max) {
        // A shorter text cannot exceed the maximum: each value takes at least one character, and a delimiter follows
        // it.
        return json.length() >= 2L * max && of(json) > max;
    }

    /** Returns one, plus one for each comma, plus one for each object or array that is not empty. */
    private static int of(String json) {
        int values = 1;
        boolean quoted = false;
        for (int i = 0; i < json.length(); i++) {
            char c = json.charAt(i);
            if (quoted) {
                i += c == '\\' ? 1 : 0;
                quoted = c != '"';
            } else {
                quoted = c == '"';
                values += c == ',' || (c == '{' && json.charAt(i + 1) != '}') || (c == '[' && json.charAt(i + 1) != ']')
                        ? 1
                        : 0;
            }
        }
        return values;
    }
}
