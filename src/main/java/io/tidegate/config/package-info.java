/**
 * Reads a tree of records from layers of text: defaults, a file, environment variables, flags. Does not depend on the
 * records that it reads; every error is collected with its path. Runs before anything else, on the caller's thread.
 */
@NullMarked
package io.tidegate.config;

import org.jspecify.annotations.NullMarked;
