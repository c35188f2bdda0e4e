package io.tidegate.fault;

/**
 * One line of the table. What is lost, duplicated or out of order is counted at each reader.
 *
 * @param acked events that were acknowledged
 * @param seen deliveries to all readers together
 * @param lostPrefix acknowledged events never seen nor announced as missing, before the first one seen
 * @param lostMiddle those in between
 * @param lostPostfix those after the last one seen
 * @param duplicates events that a reader saw again
 * @param reordered events that a reader saw after one that follows them
 * @param unexpected events that nobody published, that were refused or that are elsewhere than acknowledged
 * @param silentGaps runs of events, acknowledged or seen by others, that a reader skipped unannounced
 * @param announced gaps that were announced in-band; allowed
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

    /** Whether everything that has to be zero is. */
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
