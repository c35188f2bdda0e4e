/**
 * Health, readiness and metrics. Rooms report through listeners of their own, so this room knows none of them but the one
 * that says what is short.
 */
@NullMarked
package io.tidegate.ops;

import org.jspecify.annotations.NullMarked;
