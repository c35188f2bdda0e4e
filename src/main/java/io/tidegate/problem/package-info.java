/**
 * Every refusal or failure that clients see: a stable code, an HTTP status, and whether a retry can succeed. Contains
 * only immutable values.
 */
@NullMarked
package io.tidegate.problem;

import org.jspecify.annotations.NullMarked;
