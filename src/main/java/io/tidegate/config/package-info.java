/**
 * Reads a tree of records from several layers: defaults, a YAML document, environment variables and flags. Each layer
 * is first read as a tree of strings with their positions. The package does not depend on the records that it reads,
 * and it reports all errors with their paths. It is the first to run at startup, on the caller's thread.
 */
@NullMarked
package io.tidegate.config;

import org.jspecify.annotations.NullMarked;
