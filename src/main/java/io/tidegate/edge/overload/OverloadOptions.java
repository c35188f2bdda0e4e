package io.tidegate.edge.overload;

/**
 * From where on new work is refused, so that the work under way has enough.
 *
 * @param descriptors percent of the files and sockets that the process may have open
 * @param heap percent of the long-lived part of the heap, what is in use after a collection
 * @param bodies percent of the whole heap, what request bodies that are being read and committed may have together
 * @param connections how many clients may be connected at the same time
 */
public record OverloadOptions(int descriptors, int heap, int bodies, int connections) {

    public static final OverloadOptions DEFAULTS = new OverloadOptions(90, 90, 10, 20_000);

    public OverloadOptions {
        check("descriptors", descriptors);
        check("heap", heap);
        check("bodies", bodies);
        if (connections <= 0) {
            throw new IllegalArgumentException("connections must be greater than 0");
        }
    }

    private static void check(String key, int percent) {
        if (percent < 1 || percent > 100) {
            throw new IllegalArgumentException(key + " must be 1 to 100, not " + percent);
        }
    }
}
