/**
 * What a run of the load generator found, in words, bars and JSON, and whether it can be believed. Values, for every thread.
 */
@NullMarked
package io.tidegate.bench.report;

import org.jspecify.annotations.NullMarked;
