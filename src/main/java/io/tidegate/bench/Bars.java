package io.tidegate.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.HdrHistogram.Histogram;

/**
 * Formats a histogram as text. The upper bounds of the rows are in the sequence 1, 2, 5, 10, 20, …; the first and the
 * last row are those that contain the smallest and the largest value.
 */
final class Bars {

    private static final int WIDTH = 40;

    /**
     * A row of the histogram.
     *
     * @param upTo the upper bound in milliseconds
     * @param count the number of values between the previous bound and this one
     */
    record Row(double upTo, long count) {}

    private Bars() {}

    static List<Row> rows(Histogram micros) {
        List<Row> rows = new ArrayList<>();
        if (micros.getTotalCount() == 0) {
            return rows;
        }
        long below = -1;
        long upTo = 10;
        int step = 0;
        do {
            long count = micros.getCountBetweenValues(below + 1, upTo);
            if (!rows.isEmpty() || count > 0) {
                rows.add(new Row(upTo / 1000.0, count));
            }
            below = upTo;
            upTo = step % 3 == 1 ? upTo / 2 * 5 : upTo * 2;
            step++;
        } while (below < micros.getMaxValue());
        return rows;
    }

    static String text(Histogram micros) {
        List<Row> rows = rows(micros);
        long max = rows.stream().mapToLong(Row::count).max().orElse(1);
        StringBuilder text = new StringBuilder();
        for (Row row : rows) {
            int full = (int) Math.ceil((double) row.count() * WIDTH / max);
            text.append(String.format(
                    Locale.ROOT,
                    "  to %9s ms  %-" + WIDTH + "s %,12d%n",
                    number(row.upTo()),
                    "#".repeat(full),
                    row.count()));
        }
        return text.toString();
    }

    private static String number(double millis) {
        return String.format(Locale.ROOT, millis < 1 ? "%.2f" : "%,.0f", millis);
    }
}
