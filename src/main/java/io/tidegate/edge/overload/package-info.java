/**
 * Determines whether the node has resources for new work: descriptors, heap, and memory for request bodies and outgoing
 * data. Thread-safe.
 */
@NullMarked
package io.tidegate.edge.overload;

import org.jspecify.annotations.NullMarked;
