/**
 * Every way Tidegate refuses or fails towards a client: a stable code, an HTTP status, and whether trying again can
 * help. Values only, no thread of its own.
 */
@NullMarked
package io.tidegate.problem;

import org.jspecify.annotations.NullMarked;
