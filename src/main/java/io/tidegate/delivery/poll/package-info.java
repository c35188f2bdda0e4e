/**
 * The history as JSON pages and lists, with the same cursors as streams, and with entity tags, 304 and long polling.
 * Runs on the event loop of the connection.
 */
@NullMarked
package io.tidegate.delivery.poll;

import org.jspecify.annotations.NullMarked;
