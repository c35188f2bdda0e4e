/**
 * Reads a tree of records from layers of text: defaults, a YAML document, environment variables, flags. Each layer is
 * first read as a tree of text with positions. The package does not depend on the records that it reads, and it reports
 * all errors with their paths. It runs first at the start, on the caller's thread.
 */
@NullMarked
package io.tidegate.config;

import org.jspecify.annotations.NullMarked;
