/**
 * A load generator, which opens streams, publishes events and counts the deliveries. It uses only the public interfaces
 * that every client uses, so it can also measure other servers. It runs on its own event loops.
 */
@NullMarked
package io.tidegate.bench;

import org.jspecify.annotations.NullMarked;
