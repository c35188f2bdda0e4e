/** The parts that the metrics and the log lines of several packages share. Thread-safe. */
@NullMarked
package io.tidegate.meter;

import org.jspecify.annotations.NullMarked;
