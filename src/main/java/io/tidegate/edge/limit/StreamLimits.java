package io.tidegate.edge.limit;

/**
 * The caps on open streams.
 *
 * @param perNode the maximum number of open streams on the node
 * @param perSubject the maximum number of open streams for one subject
 * @param perAddress the maximum number of open streams from one address
 * @param attempts the rate at which one client may request streams
 */
public record StreamLimits(int perNode, int perSubject, int perAddress, Rate attempts) {

    public static final StreamLimits DEFAULTS = new StreamLimits(1000, 1000, 1000, new Rate(600, 1000));

    public StreamLimits {
        if (perNode <= 0) {
            throw new IllegalArgumentException("per-node must be greater than 0");
        }
        if (perSubject <= 0) {
            throw new IllegalArgumentException("per-subject must be greater than 0");
        }
        if (perAddress <= 0) {
            throw new IllegalArgumentException("per-address must be greater than 0");
        }
    }
}
