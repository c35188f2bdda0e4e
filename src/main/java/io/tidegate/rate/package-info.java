/**
 * How often one client may do something: rates, the paths they are for, and the buckets that count. Safe from every thread.
 */
@NullMarked
package io.tidegate.rate;

import org.jspecify.annotations.NullMarked;
