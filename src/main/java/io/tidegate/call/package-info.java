/**
 * How a request comes to a server of its origin, and how long it may take. Runs on the event loop of the connection.
 */
@NullMarked
package io.tidegate.call;

import org.jspecify.annotations.NullMarked;
