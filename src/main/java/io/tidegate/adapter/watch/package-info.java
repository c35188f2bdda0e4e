/**
 * Polls origins' lists once on behalf of all clients, and publishes changes as events. Each watch runs as a worker
 * verticle, one task at a time.
 */
@NullMarked
package io.tidegate.adapter.watch;

import org.jspecify.annotations.NullMarked;
