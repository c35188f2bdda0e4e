/** The event loop as a value: running tasks on it, bringing results to it, and asserting who calls. */
@NullMarked
package io.tidegate.event.loop;

import org.jspecify.annotations.NullMarked;
