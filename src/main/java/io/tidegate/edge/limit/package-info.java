/** Limits the rates of requests and the number of streams. Thread-safe. */
@NullMarked
package io.tidegate.edge.limit;

import org.jspecify.annotations.NullMarked;
