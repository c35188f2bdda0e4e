/**
 * One poll of an origin's list for all clients together; what changed in it becomes events. Each watch runs on workers,
 * one step after the other.
 */
@NullMarked
package io.tidegate.adapter.watch;

import org.jspecify.annotations.NullMarked;
