/**
 * What all journals have in common, wherever they store their events: they assign offsets, recognize repeated appends,
 * keep the newest events and the latest state in heap, and fill pages. One writer changes this state; any thread may
 * read it.
 */
@NullMarked
package io.tidegate.journal.history;

import org.jspecify.annotations.NullMarked;
