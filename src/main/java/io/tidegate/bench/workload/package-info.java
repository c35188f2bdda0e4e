/**
 * The target of a run, the load on it, and the stamp of each event. Immutable values; safe from any thread.
 */
@NullMarked
package io.tidegate.bench.workload;

import org.jspecify.annotations.NullMarked;
