/**
 * Represents an event loop as a value that runs tasks, delivers results on its thread and asserts that a caller runs on
 * it.
 */
@NullMarked
package io.tidegate.event.loop;

import org.jspecify.annotations.NullMarked;
