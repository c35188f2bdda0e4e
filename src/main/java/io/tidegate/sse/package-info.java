/**
 * One stream: head, frames, heartbeat, resume, lag and close reason. A stream belongs to the event loop of its connection.
 */
@NullMarked
package io.tidegate.sse;

import org.jspecify.annotations.NullMarked;
