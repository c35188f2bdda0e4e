/**
 * The values in the heads of HTTP that several rooms read or write. Values, for every thread.
 */
@NullMarked
package io.tidegate.header;

import org.jspecify.annotations.NullMarked;
