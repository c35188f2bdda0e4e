/**
 * What the one ordered, bounded, durable history is to the rest of the gateway: how to append to it, what it answers, and
 * what its answers promise. Any thread may read.
 */
@NullMarked
package io.tidegate.journal;

import org.jspecify.annotations.NullMarked;
