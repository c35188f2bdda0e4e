package io.tidegate.edge.overload;

/**
 * Whether one resource is short: from its mark on, and until use has fallen clearly below it, so that what one request
 * gives back does not let the next one in at once. Knows no clock and no machine. Owned by whoever looks at the resource.
 */
final class Hysteresis {

    /** How far below the mark relief begins, in percent of the mark. */
    private static final int RELIEF = 5;

    private boolean shortNow;

    /**
     * Takes a look.
     *
     * @param used how much is in use
     * @param limit how much there is; 0 or less means without limit
     * @param mark percent of the limit
     * @return whether new work is to be refused
     */
    boolean of(long used, long limit, int mark) {
        double high = limit * (mark / 100.0);
        shortNow = limit > 0 && used >= (shortNow ? high * (100 - RELIEF) / 100 : high);
        return shortNow;
    }
}
