/**
 * The load generator's HTTP/1.1 client: connections, publish requests, and responses that are read without copying.
 * Each object is owned by one event loop, unless it says otherwise.
 */
@NullMarked
package io.tidegate.bench.wire;

import org.jspecify.annotations.NullMarked;
