/**
 * Whether there is room for new work: descriptors, heap, bodies of requests. Safe from every thread.
 */
@NullMarked
package io.tidegate.overload;

import org.jspecify.annotations.NullMarked;
