/**
 * Determines which events must be evicted by retention, and records which have been evicted. Every eviction sets a mark
 * that lets readers detect the gap. One writer changes the marks; any thread may read them.
 */
@NullMarked
package io.tidegate.journal.retention;

import org.jspecify.annotations.NullMarked;
