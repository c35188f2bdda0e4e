/**
 * The fault kit: publishers and readers that write down what they were told, a checker that compares the two, and
 * scenarios that break the gateway, or its surroundings, in between. Each scenario adds its line to {@code
 * target/faults.txt} and fails unless that line is all zeros. {@code src/test/faults} runs them all.
 */
@NullMarked
package io.tidegate.fault;

import org.jspecify.annotations.NullMarked;
