/**
 * Retention: which events are kept, which must be evicted, and which have been. Nothing is evicted without a mark that
 * lets readers detect the gap. One writer changes the marks; any thread may read them.
 */
@NullMarked
package io.tidegate.journal.retention;

import org.jspecify.annotations.NullMarked;
