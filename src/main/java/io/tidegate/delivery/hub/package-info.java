/**
 * Per event loop: which reader reads which topic, and the hand-over of what came in during one turn of the loop. Owned by
 * that event loop.
 */
@NullMarked
package io.tidegate.delivery.hub;

import org.jspecify.annotations.NullMarked;
