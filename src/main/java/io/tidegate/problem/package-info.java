/**
 * The refusals and failures that clients see, each with a stable code, an HTTP status, and whether a retry can succeed.
 * Contains only immutable values.
 */
@NullMarked
package io.tidegate.problem;

import org.jspecify.annotations.NullMarked;
