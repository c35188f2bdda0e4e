/**
 * A journal that lives as long as the process. Answers on the thread that asks.
 */
@NullMarked
package io.tidegate.journal.memory;

import org.jspecify.annotations.NullMarked;
