package io.tidegate.edge.overload;

/**
 * The thresholds beyond which new work is refused, so that work in progress has enough resources, and whether the heap
 * is kept small.
 *
 * @param descriptors the percentage of the process's descriptor limit that may be in use
 * @param heap the percentage of the old generation that may be in use after a garbage collection
 * @param bodies the percentage of the maximum heap that all request bodies together may use while they are read and
 *     committed
 * @param outgoing the percentage of the maximum direct memory that may be used for data that clients have not accepted
 *     yet
 * @param connections the maximum number of concurrent client connections
 * @param connectionsPerAddress the maximum number of these connections from one address
 * @param earlyCollections whether a garbage collection runs soon after the old generation has grown
 */
public record OverloadOptions(
        int descriptors,
        int heap,
        int bodies,
        int outgoing,
        int connections,
        int connectionsPerAddress,
        boolean earlyCollections) {

    public static final OverloadOptions DEFAULTS = new OverloadOptions(90, 90, 10, 25, 20_000, 2_000, true);

    public OverloadOptions {
        check("descriptors", descriptors);
        check("heap", heap);
        check("bodies", bodies);
        check("outgoing", outgoing);
        if (connections <= 0) {
            throw new IllegalArgumentException("connections must be greater than 0");
        }
        if (connectionsPerAddress <= 0) {
            throw new IllegalArgumentException("connections-per-address must be greater than 0");
        }
    }

    private static void check(String key, int percent) {
        if (percent < 1 || percent > 100) {
            throw new IllegalArgumentException(key + " must be between 1 and 100, not " + percent);
        }
    }
}
