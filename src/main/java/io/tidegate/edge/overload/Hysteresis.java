package io.tidegate.edge.overload;

/**
 * Decides whether one resource is short. It is short from the time when its use reaches the high-water mark until its
 * use has fallen clearly below the mark, so that the memory of one finished request does not immediately admit another.
 * Owned by the caller that samples the resource.
 */
final class Hysteresis {

    /** The distance by which use must fall below the mark, in percent of the mark. */
    private static final int RELIEF = 5;

    private boolean shortNow;

    /**
     * Updates the state with a sample.
     *
     * @param used the amount in use
     * @param limit the available amount; 0 or less means no limit
     * @param mark the high-water mark in percent of the limit
     * @return whether new work must be refused
     */
    boolean update(long used, long limit, int mark) {
        double high = limit * (mark / 100.0);
        shortNow = limit > 0 && used >= (shortNow ? high * (100 - RELIEF) / 100 : high);
        return shortNow;
    }
}
