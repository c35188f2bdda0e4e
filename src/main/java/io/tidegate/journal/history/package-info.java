/**
 * The parts that all journals share, regardless of where events are stored: they assign offsets, recognize repeated
 * appends, keep the newest events and the latest state in memory, and fill pages. One writer changes this state; any
 * thread may read it.
 */
@NullMarked
package io.tidegate.journal.history;

import org.jspecify.annotations.NullMarked;
