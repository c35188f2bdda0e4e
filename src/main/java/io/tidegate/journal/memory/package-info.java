/** An in-memory journal, which lasts as long as the process. Reads complete on the calling thread. */
@NullMarked
package io.tidegate.journal.memory;

import org.jspecify.annotations.NullMarked;
