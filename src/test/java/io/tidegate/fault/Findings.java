package io.tidegate.fault;

/**
 * One line of the table of results. Lost, duplicate and reordered events are counted per reader.
 *
 * @param acked the number of acknowledged events
 * @param seen the number of deliveries to all readers
 * @param lostPrefix the number of acknowledged events before the first one seen that were neither seen nor announced as
 *     missing
 * @param lostMiddle the number of such events between the first and the last one seen
 * @param lostPostfix the number of such events after the last one seen
 * @param duplicates the number of events that a reader saw more than once
 * @param reordered the number of events that a reader saw after a later one
 * @param unexpected the number of events that were not published or were refused, or whose cursor is not the
 *     acknowledged one
 * @param silentGaps the number of runs of events, acknowledged or seen by other readers, that a reader skipped without
 *     notice
 * @param announced the number of gaps that were announced on the stream, which are allowed
 */
record Findings(
        long acked,
        long seen,
        long lostPrefix,
        long lostMiddle,
        long lostPostfix,
        long duplicates,
        long reordered,
        long unexpected,
        long silentGaps,
        long announced) {

    static final Findings NONE = new Findings(0, 0, 0, 0, 0, 0, 0, 0, 0, 0);

    static final String HEAD = String.format(
            "%-34s %8s %9s %17s %5s %5s %6s %6s %9s  %s",
            "scenario", "acked", "seen", "lost(pre/mid/post)", "dup", "reord", "unexp", "silent", "announced", "notes");

    /** Returns whether all counts of defects are zero. */
    boolean clean() {
        return lostPrefix + lostMiddle + lostPostfix + duplicates + reordered + unexpected + silentGaps == 0;
    }

    String line(String scenario, String notes) {
        String lost = lostPrefix + "/" + lostMiddle + "/" + lostPostfix;
        return String.format(
                "%-34s %8d %9d %18s %5d %5d %6d %6d %9d  %s",
                scenario, acked, seen, lost, duplicates, reordered, unexpected, silentGaps, announced, notes);
    }

    Findings plus(Findings other) {
        return new Findings(
                acked + other.acked,
                seen + other.seen,
                lostPrefix + other.lostPrefix,
                lostMiddle + other.lostMiddle,
                lostPostfix + other.lostPostfix,
                duplicates + other.duplicates,
                reordered + other.reordered,
                unexpected + other.unexpected,
                silentGaps + other.silentGaps,
                announced + other.announced);
    }
}
