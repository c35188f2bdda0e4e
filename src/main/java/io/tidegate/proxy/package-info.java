/**
 * Everything that is not Tidegate's own goes to its origin, HTTP and WebSocket. Runs on the event loop of the connection.
 */
@NullMarked
package io.tidegate.proxy;

import org.jspecify.annotations.NullMarked;
