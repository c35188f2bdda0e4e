/**
 * The same history as JSON pages, on the same cursor, with ETag, 304 and long poll. Runs on the event loop of the
 * connection.
 */
@NullMarked
package io.tidegate.delivery.poll;

import org.jspecify.annotations.NullMarked;
