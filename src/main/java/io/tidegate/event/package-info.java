/**
 * The words of Tidegate as values that cannot be invalid: topics, patterns, types, cursors, drafts and events. Values
 * only; they cross threads and the event bus as they are.
 */
@NullMarked
package io.tidegate.event;

import org.jspecify.annotations.NullMarked;
