/**
 * What every journal does alike, wherever it keeps its events: numbers them, knows a repeated append again, holds the
 * newest events and the latest state in heap, and fills pages. One writer changes it, any thread asks.
 */
@NullMarked
package io.tidegate.journal.history;

import org.jspecify.annotations.NullMarked;
