/**
 * Messages on the event bus. They are immutable, hence thread-safe, and are passed by reference. The {@link Batch} of
 * the events of one commit is published to all consumers.
 */
@NullMarked
package io.tidegate.event.bus;

import org.jspecify.annotations.NullMarked;
