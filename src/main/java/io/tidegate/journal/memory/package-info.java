/** A journal in memory, which lasts as long as the process. Its reads complete on the calling thread. */
@NullMarked
package io.tidegate.journal.memory;

import org.jspecify.annotations.NullMarked;
