/**
 * Reads a tree of records from layers of text: defaults, a file, environment variables, flags. Knows none of the records it
 * reads; every error is collected with its path. Runs before anything else does, on the caller's thread.
 */
@NullMarked
package io.tidegate.config;

import org.jspecify.annotations.NullMarked;
