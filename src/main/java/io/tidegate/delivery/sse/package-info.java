/**
 * Streams: head, frames, heartbeat, resume, lag and close reason. Streams that ask for the same are one group, which
 * encodes once for all. Everything here belongs to the event loop of its connections.
 */
@NullMarked
package io.tidegate.delivery.sse;

import org.jspecify.annotations.NullMarked;
