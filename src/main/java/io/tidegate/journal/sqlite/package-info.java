/**
 * The journal in one SQLite file: a thread that writes, two that read, and the folder that holds the file, locked and
 * readable by its owner alone.
 */
@NullMarked
package io.tidegate.journal.sqlite;

import org.jspecify.annotations.NullMarked;
