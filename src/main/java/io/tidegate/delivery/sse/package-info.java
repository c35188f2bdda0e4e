/**
 * Serves event streams: encodes and writes their frames, sends heartbeats, resumes from a cursor, limits the lag, and
 * closes streams. Streams with the same content form a group, which encodes events once for all of them. All types
 * except the metrics and counters are owned by the event loop of their connections.
 */
@NullMarked
package io.tidegate.delivery.sse;

import org.jspecify.annotations.NullMarked;
