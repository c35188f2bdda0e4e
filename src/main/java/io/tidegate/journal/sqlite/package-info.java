/**
 * Stores the journal in one SQLite file. One thread writes and two threads read. The data folder is locked, and only
 * its owner may read it.
 */
@NullMarked
package io.tidegate.journal.sqlite;

import org.jspecify.annotations.NullMarked;
