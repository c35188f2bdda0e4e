/** Decides whether the node has resources for new work: descriptors, heap, request bodies. Thread-safe. */
@NullMarked
package io.tidegate.edge.overload;

import org.jspecify.annotations.NullMarked;
