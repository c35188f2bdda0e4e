/**
 * The messages on the event bus: immutable objects, passed by reference, and the batch of events of one commit that is
 * published to all consumers. Thread-safe.
 */
@NullMarked
package io.tidegate.event.bus;

import org.jspecify.annotations.NullMarked;
