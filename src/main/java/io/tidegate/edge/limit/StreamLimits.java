package io.tidegate.edge.limit;

/**
 * How many streams there may be.
 *
 * @param perNode open at the same time
 * @param perSubject of these, of one subject
 * @param perAddress of these, from one address
 * @param attempts how often one client may ask for a stream
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
