package io.tidegate.edge.message;

import io.vertx.core.http.HttpServerRequest;

/**
 * The mapping between the names of the gateway's own paths, such as {@code /api/sessions}, and the paths that clients
 * request. Thread-safe.
 */
public interface OwnPaths {

    /** Every path has its name. */
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

    /** Returns the name of a requested path; a path that is not the gateway's own is its own name. */
    String nameOf(String path);

    /** Returns the path, for the client of this request, of the resource with this name. */
    String reachable(HttpServerRequest request, String name);
}
