/**
 * Holds the clients of origins that use GRIP, and sends them the items published to their channels. A held client is
 * owned by the event loop of its connection.
 */
@NullMarked
package io.tidegate.adapter.grip;

import org.jspecify.annotations.NullMarked;
