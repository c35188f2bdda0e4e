/**
 * Defines the contract of the single ordered, bounded, durable event history: how to append to it, what its receipts
 * guarantee, and how to read it. Any thread may read.
 */
@NullMarked
package io.tidegate.journal;

import org.jspecify.annotations.NullMarked;
