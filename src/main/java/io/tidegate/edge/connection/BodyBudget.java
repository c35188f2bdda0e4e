package io.tidegate.edge.connection;

/** The memory that all request bodies of a node share. Thread-safe. */
public interface BodyBudget {

    /** A budget without a limit. */
    BodyBudget UNLIMITED = new BodyBudget() {
        @Override
        public boolean reserve(long bytes) {
            return true;
        }

        @Override
        public void release(long bytes) {
            // There is nothing to release.
        }
    };

    /** Reserves memory; returns false, and reserves nothing, if there is not enough. */
    boolean reserve(long bytes);

    void release(long bytes);
}
