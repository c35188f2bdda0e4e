package io.tidegate.delivery.sse;

/**
 * The gateway's own paths, which may also be below a prefix, as clients request them. Thread-safe.
 */
public interface OwnPaths {

    /** Every path is where this package names it. */
    OwnPaths PLAIN = new OwnPaths() {
        @Override
        public String withoutPrefix(String path) {
            return path;
        }

        @Override
        public String reachable(String path) {
            return path;
        }
    };

    /** Returns a requested path without the prefix, if it has it. */
    String withoutPrefix(String path);

    /** Returns a path, given without the prefix, with it if clients reach it only there. */
    String reachable(String path);
}
