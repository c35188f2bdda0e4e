/**
 * A load generator: opens streams at any address, publishes events and counts their deliveries. It uses only what every
 * client knows of the gateway, so that it can measure other servers too. It runs on event loops of its own.
 */
@NullMarked
package io.tidegate.bench;

import org.jspecify.annotations.NullMarked;
