/**
 * A load generator: opens streams at any address, publishes events and counts their deliveries. It uses only the
 * interfaces that every client of the gateway uses, so that it can measure other servers too. It runs on its own event
 * loops.
 */
@NullMarked
package io.tidegate.bench;

import org.jspecify.annotations.NullMarked;
