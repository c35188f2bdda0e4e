/**
 * Where a configuration comes from: a YAML document, environment variables, flags; each as a tree of text whose places are
 * known, before anybody knows what it means. On the caller's thread.
 */
@NullMarked
package io.tidegate.config.source;

import org.jspecify.annotations.NullMarked;
