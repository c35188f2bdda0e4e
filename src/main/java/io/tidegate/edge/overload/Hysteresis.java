package io.tidegate.edge.overload;

/**
 * Determines whether a resource is short. The shortage begins when usage reaches the high-water mark, and ends only
 * when usage has fallen well below the mark, so that the resources freed by one finished request do not immediately
 * admit another. Owned by the caller that samples the resource.
 */
final class Hysteresis {

    /** How far usage must fall below the mark to end a shortage, in percent of the mark. */
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
