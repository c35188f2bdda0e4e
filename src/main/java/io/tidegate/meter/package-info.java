/** Helpers for metrics and log lines that several packages share. Thread-safe. */
@NullMarked
package io.tidegate.meter;

import org.jspecify.annotations.NullMarked;
