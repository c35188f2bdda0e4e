/**
 * The journal in one SQLite file, written by a thread of its own and read by two.
 */
@NullMarked
package io.tidegate.sqlite;

import org.jspecify.annotations.NullMarked;
