/** The event loop as a value: it runs tasks, brings results to the loop and asserts that a caller runs on it. */
@NullMarked
package io.tidegate.event.loop;

import org.jspecify.annotations.NullMarked;
