/**
 * The fault kit: publishers and readers that record the events that they sent and received, a checker that compares
 * these records, and scenarios that break the gateway or its environment in between. Each scenario adds its line to
 * {@code target/faults.txt} and fails unless all counts of defects are zero. {@code src/test/faults} runs them all.
 */
@NullMarked
package io.tidegate.fault;

import org.jspecify.annotations.NullMarked;
