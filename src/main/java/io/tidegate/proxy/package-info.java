/**
 * Passes what is not the gateway's own to its origin, HTTP and WebSocket: which fields pass, which server is chosen, which
 * connection is used, and how long all of it may take. Runs on the event loop of the connection.
 */
@NullMarked
package io.tidegate.proxy;

import org.jspecify.annotations.NullMarked;
