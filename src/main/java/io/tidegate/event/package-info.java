/**
 * Tidegate's vocabulary as values that are always valid: topics, patterns, types, cursors, drafts, events, and the
 * declarations of kinds. All values are immutable and thread-safe.
 */
@NullMarked
package io.tidegate.event;

import org.jspecify.annotations.NullMarked;
