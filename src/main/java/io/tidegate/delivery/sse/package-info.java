/**
 * Serves event streams: head, frames, heartbeat, resume, lag and close reason. Streams with the same content form one
 * group, which encodes events once for all of them. All types except the metrics and counters are owned by the event
 * loop of their connections.
 */
@NullMarked
package io.tidegate.delivery.sse;

import org.jspecify.annotations.NullMarked;
