/** Health and readiness, and the registry and the scrape of metrics. What is counted, each package counts itself. */
@NullMarked
package io.tidegate.ops;

import org.jspecify.annotations.NullMarked;
