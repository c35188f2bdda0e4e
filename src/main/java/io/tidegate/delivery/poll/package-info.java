/**
 * Serves the history as JSON pages and lists, with the same cursors as streams, entity tags, 304 responses and long
 * polling. Runs on the event loop of the connection.
 */
@NullMarked
package io.tidegate.delivery.poll;

import org.jspecify.annotations.NullMarked;
