/**
 * Holds the clients of origins that speak GRIP, and gives them what is published to their channels. Held clients belong
 * to the event loop of their connection.
 */
@NullMarked
package io.tidegate.adapter.grip;

import org.jspecify.annotations.NullMarked;
