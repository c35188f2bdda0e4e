/**
 * The vocabulary of Tidegate as values that are always valid: topics, patterns, types, cursors, drafts, events, and the
 * declarations of the kinds. All values are immutable and may be used from any thread.
 */
@NullMarked
package io.tidegate.event;

import org.jspecify.annotations.NullMarked;
