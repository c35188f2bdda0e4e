/**
 * Polls lists of origins once for all clients, and publishes the changes as events. Each watch runs as a worker
 * verticle, one task at a time.
 */
@NullMarked
package io.tidegate.adapter.watch;

import org.jspecify.annotations.NullMarked;
