/** Limits request rates and the number of open streams. Thread-safe. */
@NullMarked
package io.tidegate.edge.limit;

import org.jspecify.annotations.NullMarked;
