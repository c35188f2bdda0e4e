package io.tidegate.edge.connection;

/** The memory budget that all request bodies on a node share. Thread-safe. */
public interface BodyBudget {

    /** An unlimited budget. */
    BodyBudget UNLIMITED = new BodyBudget() {
        @Override
        public boolean reserve(long bytes) {
            return true;
        }

        @Override
        public void release(long bytes) {
            // An unlimited budget does not keep count.
        }
    };

    /** Reserves memory. Returns false, without reserving any, if not enough is left. */
    boolean reserve(long bytes);

    void release(long bytes);
}
