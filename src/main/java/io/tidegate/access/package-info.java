/**
 * The caller of a request, and what it may read or publish. Immutable values; thread-safe.
 */
@NullMarked
package io.tidegate.access;

import org.jspecify.annotations.NullMarked;
