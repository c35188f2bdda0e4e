/**
 * Whether there is room for new work: descriptors, heap, bodies of requests. Safe from every thread.
 */
@NullMarked
package io.tidegate.edge.overload;

import org.jspecify.annotations.NullMarked;
