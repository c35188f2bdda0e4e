/** The parts that the metrics of several packages share. Immutable once built, so thread-safe. */
@NullMarked
package io.tidegate.meter;

import org.jspecify.annotations.NullMarked;
