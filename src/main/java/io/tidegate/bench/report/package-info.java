/**
 * The result of a run as text, histogram and JSON, and whether it can be trusted. Immutable values; safe from any
 * thread.
 */
@NullMarked
package io.tidegate.bench.report;

import org.jspecify.annotations.NullMarked;
