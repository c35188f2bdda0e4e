/**
 * Serves the event history as JSON pages and the current state as JSON lists, with the same cursors as streams.
 * Supports entity tags, 304 responses and long polling. Runs on the event loop of the connection.
 */
@NullMarked
package io.tidegate.delivery.poll;

import org.jspecify.annotations.NullMarked;
