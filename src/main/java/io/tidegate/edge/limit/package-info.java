/**
 * Limits the rates of requests and the number of streams: the rates, the paths they apply to, and the refusals beyond
 * them. Thread-safe.
 */
@NullMarked
package io.tidegate.edge.limit;

import org.jspecify.annotations.NullMarked;
