/**
 * Lists all routes with their guards, in order, and turns failures into responses. No other package does either. Runs
 * on the event loop of the connection.
 */
@NullMarked
package io.tidegate.http;

import org.jspecify.annotations.NullMarked;
