/**
 * Reads a tree of records from layers of text: defaults, a YAML document, environment variables, flags. Each layer
 * becomes a tree of text with positions, before its meaning is known. Does not depend on the records that it reads;
 * every error is collected with its path. Runs before anything else, on the caller's thread.
 */
@NullMarked
package io.tidegate.config;

import org.jspecify.annotations.NullMarked;
