/** Reads the configuration, builds the rooms, deploys and drains them. Holds wiring only. */
@NullMarked
package io.tidegate.node;

import org.jspecify.annotations.NullMarked;
