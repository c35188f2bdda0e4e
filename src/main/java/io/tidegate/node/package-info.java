/** Builds the services of a node from its settings, deploys them and stops them. Contains only wiring. */
@NullMarked
package io.tidegate.node;

import org.jspecify.annotations.NullMarked;
