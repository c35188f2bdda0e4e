package io.tidegate.adapter.tap;

import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The statuses of an answer that says that it was done.
 *
 * @param listed none for all of 2xx
 */
record Statuses(Set<Integer> listed) {

    private static final java.util.regex.Pattern FORM =
            java.util.regex.Pattern.compile("[2-5][0-9]{2}(,[2-5][0-9]{2})*");

    /** @throws IllegalArgumentException when it names none */
    static Statuses of(String when) {
        if (when.equals("2xx")) {
            return new Statuses(Set.of());
        }
        Tap.require(FORM.matcher(when).matches(), "when must be 2xx, or statuses such as 200,201");
        return new Statuses(Arrays.stream(when.split(",")).map(Integer::valueOf).collect(Collectors.toSet()));
    }

    boolean has(int status) {
        return listed.isEmpty() ? status >= 200 && status < 300 : listed.contains(status);
    }
}
