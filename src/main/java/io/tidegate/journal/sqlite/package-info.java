/**
 * The journal in one SQLite file: one thread that writes, two that read, and the data folder, which is locked and
 * readable by its owner only.
 */
@NullMarked
package io.tidegate.journal.sqlite;

import org.jspecify.annotations.NullMarked;
