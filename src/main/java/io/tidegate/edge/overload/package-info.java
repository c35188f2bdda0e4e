/** Decides whether the node has resources for new work: descriptors, heap, request bodies. Safe from every thread. */
@NullMarked
package io.tidegate.edge.overload;

import org.jspecify.annotations.NullMarked;
