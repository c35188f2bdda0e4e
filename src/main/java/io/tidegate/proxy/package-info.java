/**
 * Forwards requests for existing services to their origins, over HTTP and WebSocket. Determines which fields are
 * forwarded, which connection is used, and how long a request may take. Runs on the event loop of the client's
 * connection.
 */
@NullMarked
package io.tidegate.proxy;

import org.jspecify.annotations.NullMarked;
