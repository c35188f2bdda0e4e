/**
 * Tests of complete deployments: the gateway with nginx in front, {@code src/examples} as the service, and real
 * clients.
 */
@NullMarked
package io.tidegate.scenario;

import org.jspecify.annotations.NullMarked;
