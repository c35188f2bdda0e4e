/**
 * HTTP/1.1 as the load generator speaks it: connections, the request that publishes, and streams read without a copy. Each
 * object is owned by one event loop.
 */
@NullMarked
package io.tidegate.bench.wire;

import org.jspecify.annotations.NullMarked;
