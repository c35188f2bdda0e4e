/**
 * Health, readiness, the meter registry and its scrape. The meters themselves are registered by the packages they
 * belong to.
 */
@NullMarked
package io.tidegate.ops;

import org.jspecify.annotations.NullMarked;
