/**
 * The one writer: commits what queued while the last commit ran, answers who published it, and tells everybody. On one
 * event loop.
 */
@NullMarked
package io.tidegate.journal.writer;

import org.jspecify.annotations.NullMarked;
