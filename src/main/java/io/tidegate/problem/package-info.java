/**
 * Every refusal or failure that clients see: a stable code, an HTTP status, and whether a retry can succeed. Contains
 * only values; has no thread of its own.
 */
@NullMarked
package io.tidegate.problem;

import org.jspecify.annotations.NullMarked;
