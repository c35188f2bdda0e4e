/**
 * Says no: to more requests of one client than its rate, and to more streams than there may be. Safe from every event
 * loop.
 */
@NullMarked
package io.tidegate.limit;

import org.jspecify.annotations.NullMarked;
