/**
 * The hub of each event loop, which records which subscriber reads which topics and delivers the events that arrive
 * during a turn of the loop. Owned by that event loop.
 */
@NullMarked
package io.tidegate.delivery.hub;

import org.jspecify.annotations.NullMarked;
