/**
 * The fault kit: publishers and readers that record what they sent and received, a checker that compares the two, and
 * scenarios that break the gateway or its environment in between. Each scenario adds its line to {@code
 * target/faults.txt} and fails unless all counts of defects are zero. {@code src/test/faults} runs them all.
 */
@NullMarked
package io.tidegate.fault;

import org.jspecify.annotations.NullMarked;
