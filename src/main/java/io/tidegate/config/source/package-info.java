/**
 * The sources of a configuration: a YAML document, environment variables, flags. Each becomes a tree of text with
 * positions, before its meaning is known. Runs on the caller's thread.
 */
@NullMarked
package io.tidegate.config.source;

import org.jspecify.annotations.NullMarked;
