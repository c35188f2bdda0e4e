/**
 * The caller of a request, and what it may read or publish. Immutable values; safe from any thread.
 */
@NullMarked
package io.tidegate.access;

import org.jspecify.annotations.NullMarked;
