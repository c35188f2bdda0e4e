/**
 * What a bench asks of its target: where that is, how much is published and read, and the mark that each event carries.
 * Values, for every thread.
 */
@NullMarked
package io.tidegate.bench.workload;

import org.jspecify.annotations.NullMarked;
