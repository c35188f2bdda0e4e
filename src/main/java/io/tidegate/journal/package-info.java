/**
 * The one ordered, bounded, durable history. One writer, {@link io.tidegate.journal.JournalVerticle}, gives each draft
 * its cursor, keeps the latest event of each key, and publishes what it committed; any thread may read.
 */
@NullMarked
package io.tidegate.journal;

import org.jspecify.annotations.NullMarked;
