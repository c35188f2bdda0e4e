/**
 * The journal's single writer, which commits the appends that queued up during the previous commit, replies to their
 * publishers and then publishes the events. Runs on one event loop.
 */
@NullMarked
package io.tidegate.journal.writer;

import org.jspecify.annotations.NullMarked;
