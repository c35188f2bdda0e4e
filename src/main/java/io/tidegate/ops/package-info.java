/**
 * Serves health, readiness and metrics to operators, and holds the meter registry. Each package registers its own
 * meters.
 */
@NullMarked
package io.tidegate.ops;

import org.jspecify.annotations.NullMarked;
