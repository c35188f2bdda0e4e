package io.tidegate.edge.overload;

/**
 * Decides whether one resource is short: from its high-water mark on, until use has fallen clearly below the mark, so
 * that the memory of one finished request does not immediately admit another. Has no clock. Owned by the caller that
 * samples the resource.
 */
final class Hysteresis {

    /** How far below the mark use must fall, in percent of the mark. */
    private static final int RELIEF = 5;

    private boolean shortNow;

    /**
     * Updates the state with a sample.
     *
     * @param used how much is in use
     * @param limit how much there is; 0 or less means without limit
     * @param mark percent of the limit
     * @return whether new work must be refused
     */
    boolean update(long used, long limit, int mark) {
        double high = limit * (mark / 100.0);
        shortNow = limit > 0 && used >= (shortNow ? high * (100 - RELIEF) / 100 : high);
        return shortNow;
    }
}
