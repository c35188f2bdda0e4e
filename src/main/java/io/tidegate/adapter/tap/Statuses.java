package io.tidegate.adapter.tap;

import java.util.Arrays;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The response statuses that count as success for a tap.
 *
 * @param listed the statuses; if empty, all 2xx statuses
 */
record Statuses(Set<Integer> listed) {

    private static final Pattern FORM = Pattern.compile("[2-5][0-9]{2}(,[2-5][0-9]{2})*");

    /**
     * Parses a list of statuses, or {@code 2xx}.
     *
     * @throws IllegalArgumentException if the text is malformed
     */
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
