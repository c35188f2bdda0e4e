/** Health, readiness, the meter registry and its scrape. Each package registers its own meters. */
@NullMarked
package io.tidegate.ops;

import org.jspecify.annotations.NullMarked;
