/**
 * A load generator: opens streams at any address, publishes, and counts what came. Knows nothing of the gateway but what
 * any client knows, so that it measures other servers too. Its event loops are its own.
 */
@NullMarked
package io.tidegate.bench;

import org.jspecify.annotations.NullMarked;
