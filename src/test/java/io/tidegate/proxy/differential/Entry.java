package io.tidegate.proxy.differential;

import io.tidegate.proxy.differential.RowResult.Difference;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A difference that some rows must show.
 *
 * @param difference the observed property, with its values behind nginx and behind the gateway
 * @param reason why the gateway is right, or which defect it is
 * @param rows the names of the rows
 */
record Entry(Difference difference, String reason, List<String> rows) {

    static Entry of(String aspect, String nginx, String gateway, String reason, String... rows) {
        return new Entry(new Difference(aspect, nginx, gateway), reason, List.of(rows));
    }

    boolean covers(String row, Difference seen) {
        return difference.equals(seen) && rows.contains(row);
    }

    /** Returns this entry as a row of the table in the documents. */
    String markdown() {
        String names = rows.stream().map(Entry::code).collect(Collectors.joining(", "));
        return "| " + names + " | " + difference.aspect() + " | " + code(difference.nginx()) + " | "
                + code(difference.gateway()) + " | " + reason + " |";
    }

    private static String code(String value) {
        return value.equals("-") ? "none" : "`" + value.replace("|", "\\|") + "`";
    }
}
