/** A gateway as it is deployed: a real nginx in front, the service of {@code src/examples} behind, and real clients. */
@NullMarked
package io.tidegate.scenario;

import org.jspecify.annotations.NullMarked;
