/**
 * How often a client may do something and how many streams there may be: the rates, the paths they are for, and the
 * refusals beyond them. Safe from every event loop.
 */
@NullMarked
package io.tidegate.edge.limit;

import org.jspecify.annotations.NullMarked;
