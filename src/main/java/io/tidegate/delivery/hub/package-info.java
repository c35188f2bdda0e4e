/**
 * The hub of each event loop: it records which subscriber reads which topic, and delivers the events that arrived
 * during one turn of the loop. Owned by that event loop.
 */
@NullMarked
package io.tidegate.delivery.hub;

import org.jspecify.annotations.NullMarked;
