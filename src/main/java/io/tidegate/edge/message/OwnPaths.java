package io.tidegate.edge.message;

import io.vertx.core.http.HttpServerRequest;

/**
 * Maps between the names of the gateway's own paths, such as {@code /api/sessions}, and the paths that clients request.
 * Thread-safe.
 */
public interface OwnPaths {

    /** Maps every path to itself. */
    OwnPaths PLAIN = new OwnPaths() {
        @Override
        public String nameOf(String path) {
            return path;
        }

        @Override
        public String reachable(HttpServerRequest request, String name) {
            return name;
        }
    };

    /** Returns the name of a requested path. A path that is not one of the gateway's own is returned unchanged. */
    String nameOf(String path);

    /** Returns the path that the client which sent the request must use to reach the gateway path with this name. */
    String reachable(HttpServerRequest request, String name);
}
